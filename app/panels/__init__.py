"""Parts of pages that draw one subject each."""
