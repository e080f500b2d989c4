using System.Globalization;
using Google.Protobuf;
using Mainstay.Audit.Sinks.Shaping;

namespace Mainstay.Audit.Sinks.Otlp;

/// <summary>Writes OTLP's messages for logs (opentelemetry.proto.collector.logs.v1), of which there is no published C# package.</summary>
internal static class OtlpRecord
{
    private const int Info = 9;
    private const int Warn = 13;
    private const int NanosecondsPerTick = 100;

    /// <summary>A LogRecord.</summary>
    public static byte[] Write(OutgoingEvent outgoing, DateTimeOffset observed)
    {
        var denied = outgoing.Text("result") is "denied" or "failure";
        return Message(record =>
        {
            Fixed64(record, 1, Nanoseconds(outgoing.Timestamp));
            Number(record, 2, denied ? Warn : Info);
            Text(record, 3, denied ? "WARN" : "INFO");
            Bytes(record, 5, Value(outgoing.Json));
            foreach (var (name, value) in Attributes(outgoing))
            {
                Bytes(record, 6, Pair(name, VisibleText.Of(value)));
            }

            if (outgoing.Text("trace_id") is { Length: 32 } traceId && traceId.All(char.IsAsciiHexDigit))
            {
                Bytes(record, 9, Convert.FromHexString(traceId));
            }

            Fixed64(record, 11, Nanoseconds(observed));
            Text(record, 12, VisibleText.Of($"mainstay.audit.{outgoing.Text("action")}"));
        });
    }

    /// <summary>An ExportLogsServiceRequest: one resource, one scope, the records in order.</summary>
    public static byte[] WriteRequest(IReadOnlyList<EncodedEvent> events)
    {
        var resource = Message(message => Bytes(message, 1, Pair("service.name", "mainstay-audit")));
        var scope = Message(message => Text(message, 1, "mainstay.audit"));
        var scopeLogs = Message(message =>
        {
            Bytes(message, 1, scope);
            foreach (var encoded in events)
            {
                Bytes(message, 2, encoded.Bytes);
            }
        });
        var resourceLogs = Message(message =>
        {
            Bytes(message, 1, resource);
            Bytes(message, 2, scopeLogs);
        });
        return Message(message => Bytes(message, 1, resourceLogs));
    }

    /// <summary>How many records an ExportLogsServiceResponse says were rejected; 0 when it is none.</summary>
    public static long ReadRejected(byte[] response)
    {
        try
        {
            var input = new CodedInputStream(response);
            while (input.ReadTag() is var tag and not 0)
            {
                if (tag == WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited))
                {
                    input = new CodedInputStream(input.ReadBytes().ToByteArray());
                    tag = input.ReadTag();
                    return tag == WireFormat.MakeTag(1, WireFormat.WireType.Varint) ? input.ReadInt64() : 0;
                }

                input.SkipLastField();
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // A collector that answers 2xx has taken the records, whatever its body is.
        }

        return 0;
    }

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

    private static ulong Nanoseconds(DateTimeOffset time) => (ulong)((time - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick);

    private static byte[] Pair(string key, string value) => Message(message =>
    {
        Text(message, 1, key);
        Bytes(message, 2, Value(value));
    });

    private static byte[] Value(string text) => Message(message => Text(message, 1, text));

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer))
        {
            write(output);
        }

        return buffer.ToArray();
    }

    private static void Text(CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    private static void Bytes(CodedOutputStream output, int field, byte[] value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    }

    private static void Number(CodedOutputStream output, int field, int value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
    }

    private static void Fixed64(CodedOutputStream output, int field, ulong value)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed64);
        output.WriteFixed64(value);
    }
}
