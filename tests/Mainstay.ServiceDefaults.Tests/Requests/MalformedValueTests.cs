using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Audit.V1;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Requests;
using Mainstay.Skills.V1;

namespace Mainstay.ServiceDefaults.Tests.Requests;

public sealed class MalformedValueTests
{
    public static TheoryData<string, IMessage> Malformed { get; } = new()
    {
        { "filter.start_time", new SearchEventsRequest { Filter = new() { StartTime = new Timestamp { Seconds = long.MaxValue } } } },
        { "filter.end_time", new SearchEventsRequest { Filter = new() { EndTime = new Timestamp { Seconds = 253_402_300_800 } } } },
        { "filter.end_time", new SearchEventsRequest { Filter = new() { EndTime = new Timestamp { Nanos = -1 } } } },
        { "bucket", new AggregateEventsRequest { Bucket = new Duration { Seconds = long.MinValue } } },
        { "bucket", new AggregateEventsRequest { Bucket = new Duration { Seconds = 1, Nanos = -1 } } },
        { "bucket", new AggregateEventsRequest { Bucket = new Duration { Nanos = 1_000_000_000 } } },
        { "events[1].timestamp", new RecordEventsRequest { Events = { new AuditEvent(), new AuditEvent { Timestamp = new Timestamp { Seconds = -62_135_596_801 } } } } },
        { "variables.who", new RenderPromptRequest { Variables = new Struct { Fields = { ["who"] = new Value() } } } },
        { "variables.list[1].deep", new RenderPromptRequest { Variables = Listed(Value.ForNull(), Value.ForStruct(new Struct { Fields = { ["deep"] = Value.ForNumber(double.NaN) } })) } },
    };

    public static TheoryData<IMessage> Sound { get; } =
    [
        new SearchEventsRequest(),
        new SearchEventsRequest { Filter = new() { StartTime = new Timestamp { Seconds = -62_135_596_800 }, EndTime = new Timestamp { Seconds = 253_402_300_799, Nanos = 999_999_999 } } },
        new AggregateEventsRequest { Bucket = new Duration { Seconds = -1, Nanos = -999_999_999 } },
        new RenderPromptRequest { Variables = Listed(Value.ForNull(), Value.ForNumber(double.MaxValue), Value.ForList(), Value.ForStruct(new Struct())) },
        new RegisterAgentRequest { Agent = new() { Limits = new() { Timeout = new Duration { Seconds = 60 } } } },
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Find_ValueThatItsTypeDoesNotAllow_IsNamed(string field, IMessage message) => Assert.Equal(field, MalformedValue.Find(message)?.Field);

    [Theory]
    [MemberData(nameof(Sound))]
    public void Find_SoundMessage_FindsNothing(IMessage message) => Assert.Null(MalformedValue.Find(message));

    private static Struct Listed(params Value[] values) => new() { Fields = { ["list"] = Value.ForList(values) } };
}
