using Google.Protobuf;
using Grpc.Core;
using Mainstay.Benchmarks.Grpc;
using Mainstay.Benchmarks.Harness;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.Skills.V1;

namespace Mainstay.Benchmarks.Skills;

/// <summary>Single readings of the registry against an echo of as many bytes as the answer has.</summary>
internal sealed class ReadContests(
    SkillService.SkillServiceClient client, Metadata headers, Echo.EchoClient echo, StoredSkills stored, BenchmarkOptions options, CancellationToken cancellationToken)
{
    private static readonly int[] Concurrencies = [1, 32];

    private int untouched = -1;

    /// <summary>The readings from memory, each at little and at much load.</summary>
    public async Task<IReadOnlyList<Contest>> KnownAsync()
    {
        var request = new RenderPromptRequest { Variables = PromptContest.Variables().ToStruct() };
        (string Name, Func<Task<IMessage>> Call, double? Limit)[] readings =
        [
            ("GetSkill, exact version", async () => await GetAsync(Any, AnyVersion), 0.6),
            ("GetSkill, newest version", async () => await GetAsync(Any, ""), 0.6),
            ("ResolveSkill, range", async () => await ResolveAsync("^1.4.0"), 0.6),
            ("ResolveSkill, alias", async () => await ResolveAsync("production"), 0.6),
            ("RenderPrompt", async () => await RenderAsync(new RenderPromptRequest(request) { SkillName = Any }), null),
        ];
        var contests = new List<Contest>();
        foreach (var (name, call, limit) in readings)
        {
            var size = (await call()).CalculateSize();
            contests.AddRange(Concurrencies.Select(concurrency => Of($"{name}, {concurrency} at once", call, size, concurrency, limit)));
        }

        return contests;
    }

    /// <summary>Versions that are read for the first time, so that they come from the database.</summary>
    public async Task<Contest> UnknownAsync() => Of(
        "GetSkill, never read before, 32 at once",
        async () => await NextAsync(),
        (await GetAsync(Any, AnyVersion)).CalculateSize(),
        32,
        null);

    /// <summary>Reads every version once.</summary>
    public Task ReadAllAsync() =>
        Load.TimesAsync(stored.Names * stored.Versions, 32, async number =>
            await GetAsync(StoredSkills.Name(number / stored.Versions), StoredSkills.Version(number % stored.Versions)));

    private string Any => StoredSkills.Name(Random.Shared.Next(stored.Names));

    private string AnyVersion => StoredSkills.Version(Random.Shared.Next(stored.Versions));

    private Contest Of(string name, Func<Task<IMessage>> call, int size, int concurrency, double? limit)
    {
        var bytes = new EchoMessage { Body = ByteString.CopyFrom(new byte[size]) };
        return new Contest(
            name,
            () => Load.ForAsync(options.Duration, concurrency, call),
            () => Load.ForAsync(options.Duration, concurrency, () => echo.SendAsync(bytes, cancellationToken: cancellationToken).ResponseAsync),
            Metric.Rate("calls/s", limit),
            Metric.P50(1 / limit),
            Metric.P99(),
            Metric.Cpu());
    }

    private async Task<GetSkillResponse> NextAsync()
    {
        var number = Interlocked.Increment(ref untouched) % (stored.Names * stored.Versions);

        // One version of each skill after the other, so that neither the skill nor the version is known.
        return await GetAsync(StoredSkills.Name(number % stored.Names), StoredSkills.Version(number / stored.Names));
    }

    private async Task<GetSkillResponse> GetAsync(string name, string version) =>
        await client.GetSkillAsync(new GetSkillRequest { SkillName = name, Version = version }, headers, cancellationToken: cancellationToken);

    private async Task<ResolveSkillResponse> ResolveAsync(string reference) =>
        await client.ResolveSkillAsync(new ResolveSkillRequest { SkillName = Any, Reference = reference }, headers, cancellationToken: cancellationToken);

    private async Task<RenderPromptResponse> RenderAsync(RenderPromptRequest request) => await client.RenderPromptAsync(request, headers, cancellationToken: cancellationToken);
}
