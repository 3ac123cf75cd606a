"""The other public pages; each only asks a question of pcl/queries and shows the answer."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hcpcs.models import Code
from hcpcs.queries.codes import search_codes
from hcpcs.queries.described_fields import described_fields
from pcl.models import ListingChange, Organization, Publication, RegisterEntry
from pcl.public.forms import CodeSearchForm, DayForm
from pcl.public.listing_pages import PER_PAGE, shown_page
from pcl.queries import publications as publication_queries
from pcl.queries import requirements as requirement_queries
from pcl.queries.change_feed import NEWEST_FIRST, last_change
from pcl.queries.change_words import in_words
from pcl.queries.codes import BY_CODE, code_on, code_status
from pcl.queries.keyset import Row, count_up_to
from pcl.queries.listing_columns import listing_columns
from pcl.queries.listing_filter import ORDERS
from pcl.queries.listing_page import listing_page
from pcl.queries.listing_shown import shown_listings
from pcl.queries.listing_status import with_status
from pcl.queries.organizations import listings_of
from pcl.public.markdown import as_html
