"""Layers of the map and their legends, without Streamlit."""
