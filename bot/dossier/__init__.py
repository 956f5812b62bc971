"""Documents to take away: what was weighed or walked through, as HTML and as PDF."""
