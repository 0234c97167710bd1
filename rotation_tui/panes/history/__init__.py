"""What is drawn of a history: frames, curves and readings, for the chart pane and for the details of rows."""
