"""The app: which pages there are, and nothing else."""

import streamlit as st

from dashboard.app import navigation
from dashboard.locale import texts
from geo.base import paths

text = texts(navigation.language())
st.set_page_config(page_icon=str(paths.STATIC / "map" / "icon.png"), layout="wide")
pages = {
    "risk_map": st.Page(navigation.opening("risk_map"), title=text("app.title"), default=True, url_path="map"),
    "analyst": st.Page(navigation.opening("analyst"), title=text("navigation.analyst_title"), url_path="analyst"),
    "outreach": st.Page(navigation.opening("outreach"), title=text("navigation.outreach_title"), url_path="outreach"),
}
chosen = st.navigation(list(pages.values()), position="hidden")
navigation.links(pages)
chosen.run()
