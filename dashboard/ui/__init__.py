"""What pages share: tables, charts, choices, messages."""
