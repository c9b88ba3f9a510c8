"""The app: which pages there are, and nothing else."""

import streamlit as st

from dashboard.locale import texts
from dashboard.pages import risk_map
from geo import paths

st.set_page_config(
    page_title=texts("vi")("app.title"), page_icon=str(paths.STATIC / "map" / "icon.png"), layout="wide"
)
st.navigation([st.Page(risk_map.render, title=texts("vi")("app.short"), default=True)], position="hidden").run()
