"""Files to take away: tables, maps, plans, reports, pages to print."""
