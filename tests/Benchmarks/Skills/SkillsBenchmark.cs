using Google.Protobuf;
using Grpc.Net.Client;
using Mainstay.Benchmarks.Grpc;
using Mainstay.Benchmarks.Harness;
using Mainstay.Skills.V1;

namespace Mainstay.Benchmarks.Skills;

/// <summary>The skill registry's reads against an echo of as many bytes on the same gRPC stack.</summary>
internal static class SkillsBenchmark
{
    private static readonly int[] Concurrencies = [1, 32];

    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var stored = new StoredSkills(options.Number("skills", 2000), options.Number("versions", 5));
        await using var postgres = await PrivatePostgres.StartAsync(cancellationToken);
        await using var skills = await SkillsProcess.StartAsync(postgres, cancellationToken);
        await using var echoServer = await Companion.StartOwnAsync(EchoServer.Command, cancellationToken);
        var client = new SkillService.SkillServiceClient(skills.Caller());
        await Console.Error.WriteLineAsync($"Storing {stored.Names} skills of {stored.Versions} versions");
        await stored.PublishAsync(client, cancellationToken);
        await skills.DrainAsync(cancellationToken);

        using var channel = GrpcChannel.ForAddress($"http://{echoServer.FirstLine}");
        var echo = new Echo.EchoClient(channel);
        var answer = await client.GetSkillAsync(new() { SkillName = StoredSkills.Name(0), Version = StoredSkills.Version(0) }, cancellationToken: cancellationToken);
        var request = new EchoMessage { Body = ByteString.CopyFrom(answer.ToByteArray()) };

        Task<Reading> Read(int concurrency, Func<GetSkillRequest> next) =>
            Load.ForAsync(options.Duration, concurrency, () => client.GetSkillAsync(next(), cancellationToken: cancellationToken).ResponseAsync);
        GetSkillRequest Exact() => new() { SkillName = StoredSkills.Name(Random.Shared.Next(stored.Names)), Version = StoredSkills.Version(Random.Shared.Next(stored.Versions)) };
        GetSkillRequest Newest() => new() { SkillName = StoredSkills.Name(Random.Shared.Next(stored.Names)) };
        var contests =
            from concurrency in Concurrencies
            from read in new[] { (Name: "GetSkill, exact version", Next: (Func<GetSkillRequest>)Exact), (Name: "GetSkill, newest version", Next: Newest) }
            select new Contest(
                $"{read.Name}, {concurrency} at once",
                () => Read(concurrency, read.Next),
                () => Load.ForAsync(options.Duration, concurrency, () => echo.SendAsync(request, cancellationToken: cancellationToken).ResponseAsync),
                Metric.Rate("calls/s", 0.6),
                Metric.P50(1 / 0.6),
                Metric.P99(),
                Metric.Cpu());
        return Report.Print(
            $"the registry with {stored.Names} skills of {stored.Versions} versions, {answer.CalculateSize()} bytes an answer",
            "an echo of those bytes on the same stack, without tokens, telemetry and storage",
            await Measurement.RunAsync(contests, options, cancellationToken));
    }
}
