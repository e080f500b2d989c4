using System.Security.Cryptography;
using Dapper;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Audit.Tests.Export;

public sealed class VerifyExportTests : IAsyncLifetime
{
    private readonly AuditFixture audit = new() { IsAlone = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await audit.InitializeAsync();
        await StoreAsync("first");
        await audit.Service.Application.Services.GetRequiredService<MakeCheckpoint>().ExecuteAsync(now: true, Cancellation);
    }

    public ValueTask DisposeAsync() => audit.DisposeAsync();

    [Fact]
    public async Task Verify_KeyChanged_NeedsBothKeys()
    {
        await StoreAsync("second");
        await SignByAnotherKeyAsync();
        var (lines, pems) = await ExportAsync();

        var both = await ExportFile.VerifyAsync(lines, pems);
        var one = await ExportFile.VerifyAsync(lines, pems[..1]);

        Assert.True(both.ExitCode == 0, both.Output);
        Assert.Equal(1, one.ExitCode);
        Assert.Contains("which is not known", one.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_FileCutAtItsEnd_SaysHowFarItGoesAndMissesTheCheckpoint()
    {
        await StoreAsync("second");
        var (lines, pems) = await ExportAsync();
        var signed = await audit.Administrator().ListCheckpointsAsync(new ListCheckpointsRequest(), cancellationToken: Cancellation);
        var (newest, before) = (signed.Checkpoints[0], signed.Checkpoints[1]);
        var cut = lines[..(lines.FindLastIndex(line => line.Contains($"\"checkpoint\":{{\"number\":{before.Number},", StringComparison.Ordinal)) + 1)];
        cut[0] = cut[0].Replace($"\"last_sequence\":{newest.LastSequence}", $"\"last_sequence\":{before.LastSequence}", StringComparison.Ordinal);

        var whole = await ExportFile.VerifyAsync(lines, pems, "--checkpoint", $"{newest.Number}");
        var silent = await ExportFile.VerifyAsync(cut, pems);
        var noted = await ExportFile.VerifyAsync(cut, pems, "--checkpoint", $"{newest.Number}");

        Assert.True(whole.ExitCode == 0, whole.Output);
        Assert.StartsWith($"Intact: entries 1 to {newest.LastSequence} of all streams", whole.Output, StringComparison.Ordinal);
        Assert.StartsWith($"Intact: entries 1 to {before.LastSequence} of all streams", silent.Output, StringComparison.Ordinal);
        Assert.Equal((1, $"The file ends before checkpoint {newest.Number}: its last is {before.Number}."), (noted.ExitCode, noted.Output.TrimEnd()));
    }

    [Theory]
    [InlineData("", "\"stream\":\"odd\"", "\"stream\":\"strange\"")]
    [InlineData("odd", "\"stream\":\"odd\"", "\"stream\":\"strange\"")]
    [InlineData("", "\"stream\":\"odd\"", "\"stream\":\"*\"")]
    public async Task Verify_StreamIsNotTheEntrysOwn_IsFound(string project, string text, string forged)
    {
        var (lines, pems) = await ExportAsync(project);

        var (exitCode, output) = await ExportFile.VerifyAsync(lines.Select(line => line.Replace(text, forged, StringComparison.Ordinal)), pems);

        Assert.True(exitCode == 1, output);
    }

    [Theory]
    [InlineData("event_id\":\"", "event_id\":7,\"x\":\"")]
    [InlineData("\"entry\":{", "\"entry\":{\"action\":1,\"action\":2,")]
    public async Task Verify_EntryIsNoEvent_IsFound(string text, string forged)
    {
        var (lines, pems) = await ExportAsync();

        var (exitCode, output) = await ExportFile.VerifyAsync(lines.Select(line => line.Replace(text, forged, StringComparison.Ordinal)), pems);

        Assert.True(exitCode == 1, output);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("null")]
    [InlineData("[1]")]
    public async Task Export_EntryAlteredIntoNoEvent_HoldsItAndIsNotIntact(string text)
    {
        await using (var connection = await audit.Database.OpenConnectionAsync(Cancellation))
        {
            await connection.ExecuteAsync("update audit_event set entry = @text where sequence = 2", new { text });
        }

        var (lines, pems) = await ExportAsync();
        var (exitCode, output) = await ExportFile.VerifyAsync(lines, pems);
        var table = await ExportFile.LinesAsync(audit.Administrator(), new ExportEventsRequest { Format = ExportFormat.Csv });

        Assert.True(exitCode == 1, output);
        Assert.Equal(table[0].Split(',').Length, table[2].Split(',').Length);
        Assert.StartsWith("2,,", table[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--key")]
    [InlineData("--checkpoint", "0")]
    [InlineData("--checkpoint", "last")]
    [InlineData("--other", "1")]
    public async Task Verify_OptionIsNone_SaysHow(params string[] more)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var (exitCode, output) = await ExportFile.VerifyAsync([], [key.ExportSubjectPublicKeyInfoPem()], more);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("Usage: verify", output, StringComparison.Ordinal);
    }

    private async Task StoreAsync(string workflow)
    {
        foreach (var project in (string[])["even", "odd"])
        {
            var one = AuditFixture.NewEvent(workflow);
            await audit.PublishAsync(one with { Resource = one.Resource with { ProjectId = project } });
        }

        await audit.StoredAsync(workflow, 2);
    }

    private async Task SignByAnotherKeyAsync()
    {
        var file = Path.GetTempFileName();
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(file, made.ExportPkcs8PrivateKeyPem(), Cancellation);
        var options = audit.Service.Application.Services.GetRequiredService<IntegrityOptions>() with { SigningKeyFile = file };
        using var key = new SigningKey(options, audit.Database, TimeProvider.System, NullLogger<SigningKey>.Instance);
        await new MakeCheckpoint(audit.Database, key, options, TimeProvider.System).ExecuteAsync(now: true, Cancellation);
        File.Delete(file);
    }

    private async Task<(List<string> Lines, List<string> Pems)> ExportAsync(string project = "")
    {
        var lines = await ExportFile.LinesAsync(
            audit.Administrator(), new ExportEventsRequest { Filter = project.Length == 0 ? null : new EventFilter { ProjectId = project } });
        var keys = await audit.Administrator().ListPublicKeysAsync(new ListPublicKeysRequest(), cancellationToken: Cancellation);
        return (lines, [.. keys.Keys.Select(key => key.Pem)]);
    }
}
