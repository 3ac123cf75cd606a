import time
from datetime import date
import pytest
from django.db import connection
from hcpcs.queries.clinical_table import *
from tests.hcpcs.conftest import *
pytestmark = pytest.mark.django_db
def test_x(load):
    load(TEXT_2025); load(WORKBOOK_2023); load(TEXT_2019)
    with connection.cursor() as c: c.execute("analyze hcpcs_code")
    for t,q,sf in [("oxygen","",SEARCHED),("wheelchair","",SEARCHED),("E0470","",("code",)),("infusion pump","is_noc:false",("short_desc","long_desc")),("ventilator","obsolete:false",SEARCHED),("","",SEARCHED),("","is_noc:true",SEARCHED),("a","",SEARCHED),("","code:E* -obsolete:true AND add_dt:[2024 TO *]",SEARCHED),("whe","manual wheelchair",SEARCHED), ("w/c","",SEARCHED)]:
        for i in range(2):
            s=time.perf_counter(); p=clinical_table_page(terms=t,q=q,searched=sf,fields=["code","display","term_dt","obsolete","is_noc"],start=0,size=7,today=date(2026,1,1)); e=time.perf_counter()-s
        print(repr(t),q,p.total,f"{e*1000:.1f} ms")
        for r in p.rows[:5]: print("    ",r)
    s=time.perf_counter();print(clinical_table_suggestions(text="weelchair pwr", searched=SEARCHED, fields=["code","display"], today=date(2026,1,1)), time.perf_counter()-s)
