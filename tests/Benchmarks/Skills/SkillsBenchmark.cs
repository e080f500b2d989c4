using Grpc.Net.Client;
using Mainstay.Benchmarks.Grpc;
using Mainstay.Benchmarks.Harness;

namespace Mainstay.Benchmarks.Skills;

/// <summary>The skill registry's readings: against an echo on the same gRPC stack, against another template engine, and deep pages against first ones.</summary>
internal static class SkillsBenchmark
{
    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var stored = new StoredSkills(options.Number("skills", 10_000), options.Number("versions", 20));
        await using var postgres = await PrivatePostgres.StartAsync(cancellationToken);
        await using var skills = await SkillsProcess.StartAsync(postgres, cancellationToken);
        await using var echoServer = await Companion.StartOwnAsync(EchoServer.Command, cancellationToken);
        await Console.Error.WriteLineAsync($"Storing {stored.Names} skills of {stored.Versions} versions");
        await stored.LoadAsync(postgres.Settings("skills"), cancellationToken);

        using var channel = GrpcChannel.ForAddress($"http://{echoServer.FirstLine}");
        var (client, headers) = (skills.Client, skills.Headers());
        var reads = new ReadContests(client, headers, new Echo.EchoClient(channel), stored, options, cancellationToken);
        var rows = new List<Row>(await Measurement.RunAsync([PromptContest.Create(options), await reads.UnknownAsync()], options, cancellationToken));
        rows.AddRange(await Measurement.RunAsync(new PageContests(client, headers, stored, options, cancellationToken).All(), options, cancellationToken));

        await Console.Error.WriteLineAsync("Reading every version once");
        await reads.ReadAllAsync();
        rows.AddRange(await Measurement.RunAsync(await reads.KnownAsync(), options, cancellationToken));
        rows.Add(Row.OfFigure("registry with all of them in memory", "MiB", skills.MemoryMiB, 1024));
        return Report.Print(
            $"the registry with {stored.Names} skills of {stored.Versions} versions",
            "an echo of as many bytes on the same stack, without tokens, telemetry and storage; for prompts Handlebars.Net; for pages the first page; for memory the limit",
            rows);
    }
}
