using System.Security.Cryptography;
using Dapper;
using Mainstay.Audit.Export;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Mainstay.Audit.Tests.Integrity;

public sealed class CheckpointTests : IAsyncLifetime
{
    private const int Count = 6;

    private readonly AuditFixture audit = new() { IsAlone = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await audit.InitializeAsync();
        for (var i = 0; i < Count; i++)
        {
            var one = AuditFixture.NewEvent("workflow");
            await audit.PublishAsync(one with { Resource = one.Resource with { ProjectId = i % 2 == 0 ? "even" : "odd" } });
        }

        await audit.StoredAsync("workflow", Count);
        await SignAsync();
    }

    public ValueTask DisposeAsync() => audit.DisposeAsync();

    [Fact]
    public async Task ListCheckpoints_Signed_VerifiesByThePublicKeyAlone()
    {
        var checkpoints = await audit.Administrator().ListCheckpointsAsync(new ListCheckpointsRequest(), cancellationToken: Cancellation);
        var keys = await audit.Administrator().ListPublicKeysAsync(new ListPublicKeysRequest(), cancellationToken: Cancellation);

        var checkpoint = checkpoints.Checkpoints[0];
        using var key = ECDsa.Create();
        key.ImportFromPem(Assert.Single(keys.Keys).Pem);
        Assert.Equal(keys.Keys[0].KeyId, checkpoint.KeyId);
        Assert.True(key.VerifyData(System.Text.Encoding.UTF8.GetBytes(checkpoint.Statement), checkpoint.Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.DoesNotContain("even", checkpoint.Statement, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyChain_ManyStreams_ChecksEachAndTheCheckpoints()
    {
        var all = await VerifyAsync(new VerifyChainRequest());
        var one = await VerifyAsync(new VerifyChainRequest { ProjectId = "odd" });

        Assert.True(all.Intact, all.Finding);
        Assert.True(one.Intact, one.Finding);
        Assert.True(all.CheckpointCount > 0);
        Assert.Equal(Count / 2, one.CheckedCount);
    }

    [Fact]
    public async Task VerifyChain_LastEntryBeforeACheckpointRemoved_NamesThatEntryAndNotTheFirst()
    {
        var checkpoints = await audit.Administrator().ListCheckpointsAsync(new ListCheckpointsRequest(), cancellationToken: Cancellation);
        var last = checkpoints.Checkpoints[^1].LastSequence;
        await TamperAsync($"delete from audit_event where sequence = {last}");

        var found = await VerifyAsync(new VerifyChainRequest());

        Assert.Equal(last, found.BrokenSequence);
        Assert.Equal($"Entry {last} was removed.", found.Finding);
    }

    [Fact]
    public async Task VerifyChain_AllRemovedBeforeTheyWereSigned_IsFoundAndCheckpointsGoOn()
    {
        var before = (await audit.Administrator().ListCheckpointsAsync(new ListCheckpointsRequest(), cancellationToken: Cancellation)).Checkpoints[^1];
        await TamperAsync($"delete from audit_event where sequence > {before.LastSequence}");

        await SignAsync();

        var found = await VerifyAsync(new VerifyChainRequest());
        Assert.Equal(before.LastSequence + 1, found.BrokenSequence);
    }

    [Fact]
    public async Task VerifyChain_StreamsReorderedAgainstEachOther_NamesTheSignedRange()
    {
        await TamperAsync("""
            create temporary table pair as
            select min(one.sequence) as first
            from audit_event one
            join audit_event other on other.sequence = one.sequence + 1 and other.stream <> one.stream;

            update audit_event set sequence = -2 where sequence = (select first from pair);
            update audit_event set sequence = (select first from pair) where sequence = (select first + 1 from pair);
            update audit_event set sequence = (select first + 1 from pair) where sequence = -2;
            """);

        var found = await VerifyAsync(new VerifyChainRequest());

        Assert.False(found.Intact);
        Assert.Contains("are not those that checkpoint", found.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyChain_ChainRewrittenWhole_IsFoundByTheCheckpoint()
    {
        await using (var connection = await audit.Database.OpenConnectionAsync(Cancellation))
        {
            var head = StreamHead.Empty;
            foreach (var (sequence, entry) in (await connection.QueryAsync<(long, string)>("select sequence, entry from audit_event where stream = 'even' order by sequence")).AsList())
            {
                var forged = entry.Replace("\"result\":\"success\"", "\"result\":\"denied\"", StringComparison.Ordinal);
                head = head.Append(System.Text.Encoding.UTF8.GetBytes(forged));
                await connection.ExecuteAsync("update audit_event set entry = @forged, result = 'denied', hash = @Hash where sequence = @sequence", new { forged, head.Hash, sequence });
            }

            await connection.ExecuteAsync("update audit_stream set hash = @Hash where stream = 'even'", new { head.Hash });
        }

        var all = await VerifyAsync(new VerifyChainRequest());
        var one = await VerifyAsync(new VerifyChainRequest { ProjectId = "even" });

        Assert.False(all.Intact);
        Assert.False(one.Intact);
        Assert.Contains("it was rewritten", one.Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update checkpoint set statement = replace(statement, '\"dropped_through\":0', '\"dropped_through\":3')", "its signature does not hold")]
    [InlineData("delete from checkpoint where number = (select max(number) - 1 from checkpoint)", "one was removed or altered")]
    [InlineData("delete from audit_event where sequence <= 2; update checkpoint set statement = replace(statement, '\"dropped_through\":0', '\"dropped_through\":2')", "its signature does not hold")]
    public async Task VerifyChain_CheckpointTampered_IsFound(string tampering, string finding)
    {
        await audit.PublishAsync(AuditFixture.NewEvent("second"));
        await audit.StoredAsync("second", 1);
        await SignAsync();
        await audit.PublishAsync(AuditFixture.NewEvent("third"));
        await audit.StoredAsync("third", 1);
        await SignAsync();
        await TamperAsync(tampering);

        var found = await VerifyAsync(new VerifyChainRequest());

        Assert.False(found.Intact);
        Assert.Contains(finding, found.Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("odd", "")]
    [InlineData("", "success->denied")]
    [InlineData("", "third event")]
    [InlineData("odd", "third event")]
    [InlineData("", "last line of an event")]
    [InlineData("odd", "other key")]
    public async Task Verify_ExportFile_IsProvedWithoutTheService(string project, string tampering)
    {
        var directory = Directory.CreateTempSubdirectory("mainstay-");
        var file = Path.Combine(directory.FullName, "export.jsonl");
        var keyFile = Path.Combine(directory.FullName, "key.pem");
        var keys = await audit.Administrator().ListPublicKeysAsync(new ListPublicKeysRequest(), cancellationToken: Cancellation);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(keyFile, tampering == "other key" ? other.ExportSubjectPublicKeyInfoPem() : keys.Keys[0].Pem, Cancellation);
        var lines = (await ExportAsync(project)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        var third = lines.Index().Where(line => line.Item.StartsWith("{\"event\"", StringComparison.Ordinal)).ElementAt(2).Index;
        switch (tampering)
        {
            case "success->denied":
                lines[third] = lines[third].Replace("\"result\":\"success\"", "\"result\":\"denied\"", StringComparison.Ordinal);
                break;
            case "third event":
                lines.RemoveAt(third);
                break;
            case "last line of an event":
                lines.RemoveAt(lines.FindLastIndex(line => line.StartsWith("{\"event\"", StringComparison.Ordinal)));
                break;
        }

        await File.WriteAllLinesAsync(file, lines, Cancellation);
        using var output = new StringWriter();

        var exitCode = await VerifyCommand.RunAsync(["verify", file, "--key", keyFile], output, output);

        directory.Delete(recursive: true);
        Assert.True(exitCode == (tampering.Length == 0 ? 0 : 1), output.ToString());
        Assert.StartsWith(tampering.Length == 0 ? "Intact: " : "", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("No checkpoint covers", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_NotAskedProperly_SaysHow()
    {
        using var output = new StringWriter();

        Assert.Equal(2, await VerifyCommand.RunAsync(["verify", "file"], output, output));
        Assert.Equal(2, await VerifyCommand.RunAsync(["verify", "/nowhere", "--key", "/nowhere"], output, output));
        Assert.StartsWith("Usage: verify", output.ToString(), StringComparison.Ordinal);
    }

    private async Task<string> ExportAsync(string project)
    {
        using var call = audit.Administrator().ExportEvents(
            new ExportEventsRequest { Filter = project.Length == 0 ? null : new EventFilter { ProjectId = project } }, cancellationToken: Cancellation);
        var text = new System.Text.StringBuilder();
        while (await call.ResponseStream.MoveNext(Cancellation))
        {
            text.Append(call.ResponseStream.Current.Data.ToStringUtf8());
        }

        return text.ToString();
    }

    private Task SignAsync() => audit.Service.Application.Services.GetRequiredService<MakeCheckpoint>().ExecuteAsync(now: true, Cancellation);

    private async Task<VerifyChainResponse> VerifyAsync(VerifyChainRequest request) => await audit.Administrator().VerifyChainAsync(request, cancellationToken: Cancellation);

    private async Task TamperAsync(string sql)
    {
        await using var connection = await audit.Database.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync(sql);
    }
}
