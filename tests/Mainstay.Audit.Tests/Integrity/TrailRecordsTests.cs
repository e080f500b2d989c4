using Grpc.Core;
using Mainstay.Audit.Export;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.Tests.Export;
using Mainstay.Audit.V1;

namespace Mainstay.Audit.Tests.Integrity;

/// <summary>A trail with more checkpoints than are held at a time, and one that changes while it is read.</summary>
public sealed class TrailRecordsTests : RetentionScene
{
    [Fact]
    public async Task VerifyChain_ManyCheckpoints_ChecksEachAndMissesOne()
    {
        await AppendAsync(1000);
        await SignAsync();

        var all = await VerifyAsync();
        var part = await VerifyAsync(502);
        await Trail.ExecuteAsync("delete from checkpoint where number = 201", Cancellation);
        var cut = await VerifyAsync();

        Assert.Equal((true, 250L, 1000L), (all.Intact, all.CheckpointCount, all.CheckedCount));
        Assert.Equal((true, 125L, 499L), (part.Intact, part.CheckpointCount, part.CheckedCount));
        Assert.Contains("does not follow checkpoint 200", cut.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anchor_DroppedWhileTheTrailIsRead_IsThatOfTheSnapshot()
    {
        await AppendAsync(10);
        await SignAsync();
        await LiveAsync(40);
        await using var records = await TrailRecords.OpenAsync(Trail.Database, Cancellation);
        var before = await records.AnchorAsync("", 6);
        await Trail.ExecuteAsync("delete from audit_event where sequence <= 10", Cancellation);
        await SignAsync();

        Assert.Equal(5, before!.Sequence);
        Assert.Equal(before, await records.AnchorAsync("", 6));
    }

    [Fact]
    public async Task Anchor_RowsDropped_IsTheNewestThatWasSignedBefore()
    {
        await AppendAsync(10);
        await SignAsync();
        await LiveAsync(40);
        await DropAsync();

        await using var records = await TrailRecords.OpenAsync(Trail.Database, Cancellation);

        foreach (var (first, expected) in ((long, long)[])[(11, 10), (10, 8), (8, 4), (4, 0)])
        {
            Assert.Equal(expected, (await records.AnchorAsync("", first))!.Sequence);
        }
    }

    [Fact]
    public async Task Export_AfterRetention_IsVerifiedAndSaysWhatWasDropped()
    {
        await AppendAsync(10);
        await SignAsync();
        await LiveAsync(40);
        await DropAsync();
        var file = new ExportWriter();

        await WithCheckpointsAsync(async checkpoints =>
        {
            await new ExportEvents(Trail.Database, checkpoints).ExecuteAsync(new ExportEventsRequest(), new((string?)null), file, Cancellation);
            return true;
        });

        var pem = await Trail.ScalarAsync<string>("select public_key from signing_key", Cancellation);
        var (exitCode, output) = await ExportFile.VerifyAsync(file.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries), [pem!]);
        Assert.True(exitCode == 0, output);
        Assert.StartsWith("Intact: entries 11 to 12 of all streams, 2 in number", output, StringComparison.Ordinal);
        Assert.Contains("What came before was dropped by the retention policy", output, StringComparison.Ordinal);
    }

    private sealed class ExportWriter : IServerStreamWriter<ExportEventsResponse>
    {
        public string Text { get; private set; } = "";

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(ExportEventsResponse message, CancellationToken cancellationToken) => WriteAsync(message);

        public Task WriteAsync(ExportEventsResponse message)
        {
            Text += message.Data.ToStringUtf8();
            return Task.CompletedTask;
        }
    }
}
