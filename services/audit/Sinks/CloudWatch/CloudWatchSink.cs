using System.Text;
using System.Text.Json.Nodes;

namespace Mainstay.Audit.Sinks.CloudWatch;

/// <summary>Puts events into a log stream of CloudWatch Logs, in the order of time that it demands.</summary>
internal sealed class CloudWatchSink(LogsClient logs, LogTarget target, bool createStream, TimeSpan gathering, TimeProvider clock) : IAuditSink
{
    // What lies outside of 14 days back and 2 hours ahead is rejected; a margin covers what a delivery takes.
    private static readonly TimeSpan LongestAge = TimeSpan.FromDays(14) - TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestLead = TimeSpan.FromMinutes(110);

    public SinkLimits Limits { get; } = new(10_000, 1_048_576, 1_048_576 - 26)
    {
        EventOverhead = 26,
        Gathering = gathering,
        LongestSpan = TimeSpan.FromHours(24),
    };

    public byte[] Encode(OutgoingEvent outgoing) => Encoding.UTF8.GetBytes(outgoing.Json);

    public async Task<Delivery> DeliverAsync(IReadOnlyList<EncodedEvent> events, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ordered = events.Index().OrderBy(one => Filed(one.Item, now)).ToList();
        var request = new JsonObject
        {
            ["logGroupName"] = target.Group,
            ["logStreamName"] = target.Stream,
            ["logEvents"] = new JsonArray([.. ordered.Select(one => new JsonObject
            {
                ["timestamp"] = Filed(one.Item, now).ToUnixTimeMilliseconds(),
                ["message"] = Encoding.UTF8.GetString(one.Item.Bytes),
            })]),
        };

        var answer = await logs.CallAsync("PutLogEvents", request, cancellationToken);
        if (answer.Error == "ResourceNotFoundException" && createStream)
        {
            var created = await CreateStreamAsync(cancellationToken);
            if (!created.Http.IsSuccess && created.Error != "ResourceAlreadyExistsException")
            {
                return created.ToDelivery(0) is { Outcome: DeliveryOutcome.Retry } later ? later : created.Http.As(DeliveryOutcome.Stop, created.Error);
            }

            answer = await logs.CallAsync("PutLogEvents", request, cancellationToken);
        }

        var delivery = answer.ToDelivery(events.Count);
        return delivery with { Refused = [.. delivery.Refused.Select(refused => refused with { Index = ordered[refused.Index].Index })] };
    }

    public ValueTask DisposeAsync()
    {
        logs.Dispose();
        return ValueTask.CompletedTask;
    }

    // An event that CloudWatch would reject for its time is filed at the limit; the message keeps the event's own.
    private static DateTimeOffset Filed(EncodedEvent encoded, DateTimeOffset now)
    {
        var time = encoded.Event.Timestamp;
        return time < now - LongestAge ? now - LongestAge : time > now + LongestLead ? now + LongestLead : time;
    }

    private Task<LogsAnswer> CreateStreamAsync(CancellationToken cancellationToken) =>
        logs.CallAsync("CreateLogStream", new JsonObject { ["logGroupName"] = target.Group, ["logStreamName"] = target.Stream }, cancellationToken);
}
