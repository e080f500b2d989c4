using System.Globalization;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Otlp;
using Mainstay.Audit.Sinks.Shaping;
using OpenTelemetry.Proto.Collector.Logs.V1;

namespace Mainstay.Audit.Tests.Sinks.Otlp;

public sealed class OtlpRecordTests
{
    [Theory]
    [InlineData("0001-01-01T00:00:00Z", 0)]
    [InlineData("1969-12-31T23:59:59.9999999Z", 0)]
    [InlineData("1970-01-01T00:00:00.0000001Z", 100)]
    [InlineData("2026-03-01T12:00:00.25Z", 1_772_366_400_250_000_000)]
    [InlineData("2262-04-11T23:47:16.8547758Z", 9_223_372_036_854_775_800)]
    [InlineData("2262-04-11T23:47:16.8547759Z", 0)]
    [InlineData("9999-12-31T23:59:59Z", 0)]
    public void Write_Timestamp_IsItsNanosecondsOrUnknown(string timestamp, ulong nanoseconds)
    {
        var observed = DateTimeOffset.UnixEpoch.AddDays(20_000);
        var time = DateTimeOffset.Parse(timestamp, CultureInfo.InvariantCulture);

        var record = LogRecord.Parser.ParseFrom(OtlpRecord.Write(new OutgoingEvent(1, "evt_1", time, [], new PlainFormat(), "{}"), observed));

        Assert.Equal((nanoseconds, 1_728_000_000_000_000_000ul), (record.TimeUnixNano, record.ObservedTimeUnixNano));
    }
}
