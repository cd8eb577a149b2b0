import json,re,os,sys,glob
D='/work/shared/data/'
out='/tmp/code/num'; os.makedirs(out,exist_ok=True)
texts=[]
def walk(o,src):
    if isinstance(o,str):
        if len(o)>200: texts.append((src,o))
    elif isinstance(o,list):
        for x in o: walk(x,src)
    elif isinstance(o,dict):
        for x in o.values(): walk(x,src)
for f in glob.glob(D+'agents/**/*',recursive=True)+glob.glob(D+'workloads/*.json')+glob.glob(D+'sessions/**/*',recursive=True):
    if not os.path.isfile(f): continue
    try: s=open(f).read()
    except Exception: continue
    try: walk(json.loads(s),os.path.basename(f))
    except Exception:
        for l in s.split('\n'):
            try: walk(json.loads(l),os.path.basename(f))
            except Exception: pass
seen=set();n=0
for src,t in texts:
    if t in seen: continue
    seen.add(t)
    if t[:1] in '[{' and src.endswith('x'): continue
    ls=t.split('\n')
    k=run=best=0;prev=None
    for l in ls:
        m=re.match(r'\s*(\d+)(\t|→|: ?|\|| {1,2})',l)
        if m and prev is not None and int(m[1])==prev+1: run+=1;best=max(best,run)
        else: run=0
        prev=int(m[1]) if m else None
    if best>=6:
        n+=1
        open(f'{out}/{n:03d}_{src[:30]}_{best}.txt','w').write(t)
print(n)
