import random
from datetime import date
import pytest
from django.db import transaction, IntegrityError
from tests.hcpcs.test_deriving_only_what_changed import Said, PERIODS, load, catalogue
from hcpcs.services import import_release as module
from hcpcs.services.derive_catalogue import derive_catalogue
pytestmark = pytest.mark.django_db
D=[None, date(2018, 1, 1), date(2020, 1, 1), date(2020, 7, 1), date(2021, 1, 1), date(2022, 4, 1)]
def run(seq, full):
    old=module.derive_catalogue
    if full: module.derive_catalogue=lambda new=None: old()
    try:
        with transaction.atomic():
            try:
                for n,(p,said,c) in enumerate(seq):
                    load(n,p,said,is_complete=c)
                    q=catalogue(); ch=derive_catalogue()
                    if (ch.added,ch.changed,ch.removed)!=([],[],[]) or catalogue()!=q: return f"differs at {n}: {ch} {q} {catalogue()}"
                return None
            except IntegrityError as e:
                return str(e).split("\n")[1]+f" at {n}"
            finally:
                transaction.set_rollback(True)
    finally: module.derive_catalogue=old
def test_it():
    found={}
    for seed in range(4000):
        r=random.Random(seed)
        k=r.randint(2,5)
        seq=[]; keys=set(); before={}
        for _ in range(k):
            p=r.choice(PERIODS); c=r.random()<.6
            if (p,c) in keys: continue
            keys.add((p,c))
            said=before.get("E0001") if before and r.random()<.6 else Said(r.choice(D),r.choice(D),r.choice(["A bed","a BED","A chair"]),r.choice("CD"))
            before["E0001"]=said
            seq.append((p,{"E0001":said},c))
        a=run(seq,False)
        if a:
            b=run(seq,True)
            # minimal
            kind=(bool(b), a[:30])
            if kind not in found or len(found[kind][0])>len(seq): found[kind]=(seq,a,b,seed)
    for k,v in found.items(): print(k,*v[0],v[1],v[2],v[3],sep="\n   ")
    assert not found
