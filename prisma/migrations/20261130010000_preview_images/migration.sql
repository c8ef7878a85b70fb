-- Who asks for a preview is let see it where it is of a job of theirs; the sweep looks whether one is in use.
CREATE INDEX generation_event_picture_idx ON generation_event ((data #>> '{picture,hash}'))
  WHERE (data #>> '{picture,hash}') IS NOT NULL;
