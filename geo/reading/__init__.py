"""The process that reads strangers' files: started by :mod:`geo.readers`, never imported by the product."""
