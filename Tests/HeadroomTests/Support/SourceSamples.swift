/// A small source file of each language whose structure is known.
enum SourceSamples {
  static let python = #"""
    """Stores of things.

    More words.
    """
    import os
    import re
    from collections import OrderedDict
    from .core import (
        a,
        b,
    )

    LIMIT = 10
    TABLE = {
        "a": 1,
        "b": 2,
        "c": 3,
        "d": 4,
        "e": 5,
    }


    class Store(Base):
        """Keeps things.

        For long.
        """

        size: int = 0

        def __init__(self, path,
                     mode="r"):
            self.path = path
            self.mode = mode
            # TODO: close it
            self.file = open(path, mode)

        @property
        @cached(ttl=60,
                key="x")
        def name(self) -> str:
            """The name of the file."""
            base = os.path.basename(self.path)
            return base.lower()


    async def load(path):
        """
        Loads a store.
        """
        store = Store(path)
        await store.read()
        return store


    if __name__ == "__main__":
        import sys
        load(sys.argv[1])
        print("done")
    """#

  static let javascript = #"""
    /**
     * Stores of things.
     */
    import fs from 'fs';
    import path from 'path';
    const { a, b } = require('./core');

    const LIMIT = 10;

    // Keeps things.
    // For long.
    export default class Store extends Base {
      #size = 0;
      static kind = 'store';

      constructor(path, mode = 'r') {
        super(path);
        this.mode = mode;
        this.path = path;
      }

      async read() {
        const text = await fs.promises.readFile(this.path);
        // FIXME encoding
        return text.toString();
      }
    }

    export function load(path) {
      const store = new Store(path);
      store.read();
      return store;
    }

    const save = async (
      store,
      path,
    ) => {
      await store.flush();
      await fs.promises.writeFile(path, store.text);
      return path;
    };

    module.exports.save = function (store) {
      store.flush();
      store.close();
      return store;
    };

    describe('store', () => {
      it('loads', async () => {
        const store = load('x');
        expect(store.path).toBe('x');
        expect(store.mode).toBe('r');
      });
    });
    """#

  static let typescript = #"""
    import { A } from './a';
    import type { B } from './b';

    export type Mode = 'r' | 'w';

    export interface Options {
      /** How to open it. */
      mode: Mode;
      size?: number;
      open(path: string): Promise<void>;
    }

    export enum Level {
      Low = 1,
      High,
    }

    @injectable()
    export class Store<T> implements Options {
      private readonly items: T[] = [];
      mode: Mode = 'r';

      constructor(private path: string) {
        this.items = [];
        this.open(path);
        this.ready = true;
      }

      abstract size(): number;

      async open(path: string): Promise<void> {
        const file = await read(path);
        this.items.push(...file.items);
        return;
      }
    }

    export function load(path: string): Store<A>;
    export function load(path: string, mode: Mode = 'r'): Store<A> {
      const store = new Store<A>(path);
      store.mode = mode;
      return store;
    }

    declare module 'x' {
      export function f(a: number): string;
    }

    namespace Inner {
      export const g = (a: number) => {
        const b = a + 1;
        const c = b + 1;
        return c;
      };
    }
    """#

  static let tsx = #"""
    import React, { useState } from 'react';

    interface Props {
      name: string;
    }

    export const Card: React.FC<Props> = ({ name }) => {
      const [open, setOpen] = useState(false);
      const toggle = () => setOpen(!open);
      return (
        <div onClick={toggle}>
          {name}
        </div>
      );
    };

    export default React.memo(function List(props: { items: Props[] }) {
      const items = props.items;
      return (
        <ul>{items.map((i) => <Card key={i.name} {...i} />)}</ul>
      );
    });
    """#

  static let go = #"""
    // Package store keeps things.
    package store

    import (
    	"fmt"
    	"os"
    )

    const limit = 10

    var ErrClosed = fmt.Errorf("closed")

    // Store keeps things
    // for long.
    type Store struct {
    	path string
    	size int // in bytes
    }

    type Reader interface {
    	Read(p []byte) (n int, err error)
    }

    // Open opens a store.
    func Open(path string) (*Store, error) {
    	f, err := os.Open(path)
    	if err != nil {
    		return nil, err
    	}
    	return &Store{path: path}, nil
    }

    func (s *Store) Size() int { return s.size }

    func (s *Store) Close(
    	force bool,
    ) error {
    	if s.size > limit {
    		return ErrClosed
    	}
    	return nil
    }
    """#

  static let rust = #"""
    //! Stores of things.
    use std::collections::HashMap;
    use std::{fs, io::Read};

    pub const LIMIT: usize = 10;

    /// Keeps things.
    ///
    /// For long.
    #[derive(Debug, Clone)]
    pub struct Store<T> {
        path: String,
        items: HashMap<String, T>,
    }

    #[derive(Debug)]
    pub enum Level {
        Low,
        High(u8),
    }

    pub trait Source {
        fn read(&mut self) -> io::Result<()>;
        fn name(&self) -> String {
            let name = "source";
            let name = name.to_string();
            name
        }
    }

    impl<T> Store<T>
    where
        T: Clone,
    {
        /// Opens a store.
        pub fn open(path: &str) -> Self {
            // TODO: read the file
            let items = HashMap::new();
            Store { path: path.to_string(), items }
        }
    }

    macro_rules! log {
        ($x:expr) => {
            println!("{}", $x);
        };
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn opens() {
            let store: Store<u8> = Store::open("x");
            assert_eq!(store.path, "x");
            assert!(store.items.is_empty());
        }
    }
    """#

  static let java = #"""
    /* Licence text. */

    package org.example.store;

    import java.util.List;
    import java.util.Map;
    import static java.util.Objects.requireNonNull;

    /**
     * Keeps things.
     * For long.
     */
    @Service
    public class Store<T> extends Base implements Closeable {
      private static final int LIMIT = 10;
      private final Map<String, T> items;

      public Store(Map<String, T> items) {
        super();
        this.items = requireNonNull(items);
        open();
      }

      /** Closes it. */
      @Override
      public void close() throws IOException {
        items.clear();
        super.close();
        // FIXME: twice
      }

      enum Level {
        LOW, HIGH;
      }

      interface Reader {
        int read(byte[] bytes);
      }
    }
    """#

  static let c = #"""
    /*
     * Stores of things.
     */
    #include <stdio.h>
    #include <stdlib.h>
    #include "store.h"

    #define LIMIT 10
    #define MAX(a, b) \
      ((a) > (b) ? \
        (a) : \
        (b))

    #ifdef DEBUG
    static int trace = 1;
    #endif

    typedef struct store {
      char *path;
      size_t size; /* in bytes */
    } store;

    enum level { LOW, HIGH };

    static const struct command table[] = {
      {"get", 1},
      {"set", 2},
      {"del", 3},
      {"ttl", 4},
      {"end", 0},
    };

    int store_size(const store *s);

    /* Opens a store. */
    store *store_open(const char *path,
                      int flags)
    {
      store *s = malloc(sizeof(*s));
      s->path = strdup(path);
      s->size = 0;
      return s;
    }

    static void store_close(store *s) {
      free(s->path);
      free(s);
      trace = 0;
    }
    """#

  static let cpp = #"""
    #pragma once
    #include <string>
    #include <vector>

    namespace store {

    using Items = std::vector<std::string>;

    // Keeps things.
    template <typename T>
    class Store : public Base {
     public:
      explicit Store(std::string path) : path_(std::move(path)) {
        open();
        read();
        check();
      }

      virtual ~Store() = default;

      const std::string& path() const { return path_; }

     private:
      std::string path_;
      int size_ = 0;
    };

    template <typename T>
    T add(T a, T b) {
      T c = a + b;
      log(c);
      return c;
    }

    int Store::size() const {
      int n = 0;
      for (auto& i : items_) n += i.size();
      return n;
    }

    }  // namespace store
    """#

  static let swift = #"""
    import Foundation
    @testable import Store

    /// Keeps things.
    ///
    /// For long.
    public struct Store<T: Sendable>: Sendable {
      static let limit = 10
      var items: [String: T] = [:]
      var isEmpty: Bool {
        let count = items.count
        let none = count == 0
        return none
      }

      public init(path: String) throws {
        self.path = path
        try open()
        try read()
      }

      @discardableResult
      func add(
        _ item: T, named name: String
      ) async throws -> Bool {
        items[name] = item
        // TODO: limit
        return items.count < Store.limit
      }
    }

    enum Level: String {
      case low, high
      case other(Int)
    }

    protocol Reader {
      associatedtype Element
      var name: String { get }
      func read() throws -> [UInt8]
    }

    extension Store: Reader {
      func read() -> [UInt8] { [] }
    }

    func load(_ path: String) throws -> Store<Int> {
      let store = try Store<Int>(path: path)
      store.add(1, named: "a")
      return store
    }
    """#
}
