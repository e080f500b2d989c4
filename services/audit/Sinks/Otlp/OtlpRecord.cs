using System.Globalization;
using Google.Protobuf;
using Mainstay.Audit.Sinks.Shaping;
using OpenTelemetry.Proto.Collector.Logs.V1;

namespace Mainstay.Audit.Sinks.Otlp;

/// <summary>Writes events as OTLP's log records.</summary>
internal static class OtlpRecord
{
    private const int NanosecondsPerTick = 100;

    // In 2262. The format goes farther; readers that count in signed nanoseconds, which most do, do not.
    private const long LatestTicks = long.MaxValue / NanosecondsPerTick;

    private static readonly Resource Resource = new() { Attributes = { Pair("service.name", "mainstay-audit") } };
    private static readonly InstrumentationScope Scope = new() { Name = "mainstay.audit" };

    /// <summary>A LogRecord.</summary>
    public static byte[] Write(OutgoingEvent outgoing, DateTimeOffset observed)
    {
        var isRefusal = outgoing.Text("result") is "denied" or "failure";
        var traceId = outgoing.Text("trace_id");
        var record = new LogRecord
        {
            TimeUnixNano = Nanoseconds(outgoing.Timestamp),
            ObservedTimeUnixNano = Nanoseconds(observed),
            SeverityNumber = isRefusal ? SeverityNumber.Warn : SeverityNumber.Info,
            SeverityText = isRefusal ? "WARN" : "INFO",
            EventName = VisibleText.Of($"mainstay.audit.{outgoing.Text("action")}"),
            Body = new AnyValue { StringValue = outgoing.Json },
            TraceId = traceId.Length == 32 && traceId.All(char.IsAsciiHexDigit) ? ByteString.CopyFrom(Convert.FromHexString(traceId)) : ByteString.Empty,
        };
        record.Attributes.AddRange(Attributes(outgoing).Select(attribute => Pair(attribute.Name, VisibleText.Of(attribute.Value))));
        return record.ToByteArray();
    }

    /// <summary>One resource, one scope, the records in order.</summary>
    public static ExportLogsServiceRequest Request(IReadOnlyList<EncodedEvent> events) => new()
    {
        ResourceLogs =
        {
            new ResourceLogs
            {
                Resource = Resource,
                ScopeLogs = { new ScopeLogs { Scope = Scope, LogRecords = { events.Select(encoded => UnsafeByteOperations.UnsafeWrap(encoded.Bytes)) } } },
            },
        },
    };

    private static IEnumerable<(string Name, string Value)> Attributes(OutgoingEvent outgoing)
    {
        yield return ("audit.event_id", outgoing.EventId);
        yield return ("audit.sequence", outgoing.Sequence.ToString(CultureInfo.InvariantCulture));
        foreach (var name in (string[])["service", "action", "result", "workflow_id", "agent_id", "rbac_scope"])
        {
            if (outgoing.Text(name) is { Length: > 0 } value)
            {
                yield return ($"audit.{name}", value);
            }
        }

        if (outgoing.Fields.Child("user_context").Text("initiated_by") is { Length: > 0 } user)
        {
            yield return ("enduser.id", user);
        }
    }

    // 0 is a time that is not known, in place of which readers take the one of the observation.
    private static ulong Nanoseconds(DateTimeOffset time) =>
        (time - DateTimeOffset.UnixEpoch).Ticks is >= 0 and <= LatestTicks and var ticks ? (ulong)(ticks * NanosecondsPerTick) : 0;

    private static KeyValue Pair(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };
}
