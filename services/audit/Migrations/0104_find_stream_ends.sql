-- The checkpoints that name a stream, of which there may be few among very many.
create index checkpoint_stream on checkpoint using gin ((statement::jsonb -> 'streams'));
