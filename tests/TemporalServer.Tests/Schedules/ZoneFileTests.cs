using Google.Protobuf;
using Mainstay.TemporalServer.Schedules;
using Temporalio.Api.Schedule.V1;

namespace TemporalServer.Tests.Schedules;

/// <summary>Zones that come with the specification: they agree with those of the machine.</summary>
public sealed class ZoneFileTests
{
    private const string Database = "/usr/share/zoneinfo";

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("Europe/Dublin")]
    [InlineData("Etc/GMT+5")]
    public void At_DataOfAZone_IsWhatItsNameGives(string name)
    {
        var named = ScheduleZone.Named(name);
        var given = ScheduleZone.Of(new ScheduleSpec { TimezoneData = Data(name) });
        for (var time = new DateTimeOffset(1975, 1, 1, 0, 0, 0, TimeSpan.Zero); time.Year < 2060; time = time.AddHours(31))
        {
            Assert.Equal(named.At(time).Offset, given.At(time).Offset);
        }
    }

    [Theory]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59Z", 1)]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z", 2)]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T01:00:00Z", 1)]
    [InlineData("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-15T00:00:00Z", 11)]
    [InlineData("EET-2EEST,M4.5.5/0,M10.5.4/24", "2026-10-29T20:59:59Z", 3)]
    [InlineData("EET-2EEST,M4.5.5/0,M10.5.4/24", "2026-10-29T21:00:00Z", 2)]
    [InlineData("<+03>-3", "2026-07-01T00:00:00Z", 3)]
    [InlineData("XST5XDT,J60/0,J300/0", "2028-03-01T04:59:59Z", -5)]
    [InlineData("XST5XDT,J60/0,J300/0", "2028-03-01T05:00:00Z", -4)]
    public void OffsetAt_OfARule_ChangesWithTheSeason(string rule, string time, int hours) =>
        Assert.Equal(hours * 3600, PosixZone.Parse(rule).OffsetAt(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Of_DataThatIsNone_IsRefused()
    {
        var data = Data("Europe/Berlin").ToByteArray();
        Assert.Throws<SpecException>(() => Of([1, 2, 3]));
        for (var length = 0; length < data.Length; length += 97)
        {
            var part = data[..length];
            Assert.True(length == 0 || Record.Exception(() => Of(part)) is null or SpecException);
        }

        for (var i = 0; i < 64; i++)
        {
            var spoilt = data.ToArray();
            spoilt[i] ^= 0xFF;
            Assert.True(Record.Exception(() => Of(spoilt).At(DateTimeOffset.UnixEpoch)) is null or SpecException);
        }
    }

    [Fact]
    public void From_SpecWithData_KeepsItAndNamesItsTimes()
    {
        var spec = SpecCompiler.Compile(new ScheduleSpec { CronString = { "30 2 * * *" }, TimezoneData = Data("Europe/Berlin") });
        Assert.False(spec.TimezoneData.IsEmpty);
        var times = new SpecTimes(spec, "seed").From(new DateTimeOffset(2026, 3, 28, 0, 0, 0, TimeSpan.Zero)).Take(2).Select(t => t.Nominal);
        Assert.Equal([new DateTimeOffset(2026, 3, 28, 1, 30, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 30, 0, 30, 0, TimeSpan.Zero)], times);
        Assert.Throws<SpecException>(() => SpecCompiler.Compile(new ScheduleSpec { CronString = { "CRON_TZ=Asia/Kolkata 30 2 * * *" }, TimezoneData = Data("Europe/Berlin") }));
    }

    private static ScheduleZone Of(byte[] data) => ScheduleZone.Of(new ScheduleSpec { TimezoneData = ByteString.CopyFrom(data) });

    private static ByteString Data(string name) => ByteString.CopyFrom(File.ReadAllBytes(Path.Combine(Database, name)));
}
