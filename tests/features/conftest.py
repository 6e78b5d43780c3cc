"""Tests of verbs run on SQLite, and on PostgreSQL where they are marked so."""

from tests.support.databases import db_url as db_url
from tests.support.databases import pytest_generate_tests as pytest_generate_tests
