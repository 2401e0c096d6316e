"""Invented families for the demo and for trying things out: the same ones from the same seed, none of them real.

Plans are pure data (:func:`plan_families`); :func:`make_families` registers them through the services that the pages
use, as the demo's officers, with dates by argument, and :func:`make_cases` brings their cases as far as their stories
go. ID numbers begin with 341899, which is in no standard.
"""

from workbench.demo_data.aided import make_temporary_aid
from workbench.demo_data.families import plan_families
from workbench.demo_data.longstanding_families import plan_longstanding
from workbench.demo_data.officers import PASSWORD, open_offices, where_to_begin
from workbench.demo_data.paying import decided_on, make_payments
from workbench.demo_data.registering import make_families
from workbench.demo_data.telling import make_cases

__all__ = [
    "PASSWORD",
    "decided_on",
    "make_cases",
    "make_families",
    "make_payments",
    "make_temporary_aid",
    "open_offices",
    "plan_families",
    "plan_longstanding",
    "where_to_begin",
]
