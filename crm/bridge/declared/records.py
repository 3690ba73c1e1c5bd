"""Agreed records with the types of their fields, and agreed catalogues."""

from __future__ import annotations

from collections.abc import Mapping

# Fields of records, 1.3. A record that rows implement in part is completed here.
RECORDS: Mapping[str, Mapping[str, str]] = {
    # a line of a composition as a form has it, 4.11, 4.17 and 4.18; a weighed line, 4.12
    # what a composition would be, Q1
    # Rows of reports: 10.2 and 10.3 (without a batch it is the blank itself), 10.8, 10.12.
}

# Catalogues, 13.
CATALOGUES: Mapping[str, str] = {}
