/// The outlines of ``SourceSamples``.
enum SourceOutlines {
  static let python = #"""
    """Stores of things.

    More words.
    """
    [lines 5-11: imports os, re, collections, .core]

    LIMIT = 10
    TABLE = {
    [lines 15-22]
    class Store(Base):
        """Keeps things.

        For long.
        """

        size: int = 0

        def __init__(self, path,
                     mode="r"):
    [lines 33-34]
            # TODO: close it
            self.file = open(path, mode)

        @property
        @cached(ttl=60,
                key="x")
        def name(self) -> str:
            """The name of the file."""
    [lines 43-46]
    async def load(path):
        """
        Loads a store.
        """
    [lines 51-55]
    if __name__ == "__main__":
        import sys
    [lines 58-59]
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
    [lines 17-21]
      async read() {
    [lines 23-23]
        // FIXME encoding
    [lines 25-28]
    export function load(path) {
    [lines 30-34]
    const save = async (
      store,
      path,
    ) => {
    [lines 39-43]
    module.exports.save = function (store) {
    [lines 45-49]
    describe('store', () => {
      it('loads', async () => {
    [lines 52-56]
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
    [lines 24-28]
      abstract size(): number;

      async open(path: string): Promise<void> {
    [lines 32-37]
    export function load(path: string): Store<A>;
    export function load(path: string, mode: Mode = 'r'): Store<A> {
    [lines 40-44]
    declare module 'x' {
      export function f(a: number): string;
    }

    namespace Inner {
      export const g = (a: number) => {
    [lines 51-55]
    """#

  static let tsx = #"""
    import React, { useState } from 'react';

    interface Props {
      name: string;
    }

    export const Card: React.FC<Props> = ({ name }) => {
    [lines 8-16]
    export default React.memo(function List(props: { items: Props[] }) {
    [lines 18-22]
    """#

  static let go = #"""
    // Package store keeps things.
    package store

    [lines 4-7: imports fmt, os]

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
    [lines 26-32]
    func (s *Store) Size() int { return s.size }

    func (s *Store) Close(
    	force bool,
    ) error {
    [lines 38-42]
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
    [lines 25-30]
    impl<T> Store<T>
    where
        T: Clone,
    {
        /// Opens a store.
        pub fn open(path: &str) -> Self {
            // TODO: read the file
    [lines 38-42]
    macro_rules! log {
    [lines 44-48]
    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn opens() {
    [lines 55-59]
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
    [lines 19-23]
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
    [lines 26-32]
    int store_size(const store *s);

    /* Opens a store. */
    store *store_open(const char *path,
                      int flags)
    [lines 38-44]
    static void store_close(store *s) {
    [lines 46-49]
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
    [lines 14-18]
      virtual ~Store() = default;

      const std::string& path() const { return path_; }

     private:
      std::string path_;
      int size_ = 0;
    };

    template <typename T>
    T add(T a, T b) {
    [lines 30-34]
    int Store::size() const {
    [lines 36-41]
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
    [lines 11-15]
      public init(path: String) throws {
    [lines 17-21]
      @discardableResult
      func add(
        _ item: T, named name: String
      ) async throws -> Bool {
        items[name] = item
        // TODO: limit
    [lines 28-31]
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
    [lines 48-51]
    """#
}
