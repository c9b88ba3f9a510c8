"""What one visitor has chosen, kept between the runs of a page."""
