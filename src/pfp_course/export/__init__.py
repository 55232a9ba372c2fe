"""What a publisher makes of the built book: files to print, to carry away and to put online."""
