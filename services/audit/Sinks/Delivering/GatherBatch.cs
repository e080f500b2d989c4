using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>Puts the next batch together: by count, by size and by the age of its first event.</summary>
internal static class GatherBatch
{
    // A filter that lets nothing pass must not keep the cursor where it is for ever.
    private const int MostExamined = 5000;

    public static async Task<Batch> ExecuteAsync(
        ConfiguredSink sink, SinkFeed feed, NpgsqlConnection connection, SinkWakeup wakeup, TimeProvider clock, CancellationToken cancellationToken)
    {
        var batch = new Batch(sink.Sink.Limits);
        var start = clock.GetTimestamp();
        for (var examined = 0; examined < MostExamined && !batch.IsFull;)
        {
            if (await feed.PeekAsync(connection, cancellationToken) is { } next)
            {
                if (!batch.TryAdd(next.Sequence, sink.Shape.Shape(next, sink.Sink)))
                {
                    break;
                }

                feed.Take();
                examined++;
                continue;
            }

            var left = sink.Sink.Limits.Gathering - clock.GetElapsedTime(start);
            if (batch.Events.Count == 0 || !feed.IsLive || left <= TimeSpan.Zero || await wakeup.WaitAsync(left, cancellationToken))
            {
                break;
            }
        }

        return batch;
    }
}
