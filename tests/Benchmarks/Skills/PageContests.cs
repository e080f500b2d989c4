using Grpc.Core;
using Mainstay.Benchmarks.Harness;
using Mainstay.Skills.V1;

namespace Mainstay.Benchmarks.Skills;

/// <summary>Pages of lists and searches, deep ones against the first.</summary>
internal sealed class PageContests(SkillService.SkillServiceClient client, Metadata headers, StoredSkills stored, BenchmarkOptions options, CancellationToken cancellationToken)
{
    // A page at any depth costs the same, give or take what the machine adds.
    private const double Alike = 1.5;

    /// <summary>Each kind of page in the middle and at the end.</summary>
    public IEnumerable<Contest> All() =>
        from kind in new (string Name, ListSkillsRequest Request)[]
        {
            ("list", new()),
            ("search, 1 of 5 fits", new() { Query = "thermal" }),
            ("search, 1 of 100 fits", new() { Query = "thermal", Owner = "team-5" }),
            ("tag, 1 of 10 fits", new() { Tags = { "bess" } }),
        }
        from depth in new[] { (Name: "middle", Share: 0.5), (Name: "last", Share: 1.0) }
        select new Contest(
            $"page of 50: {kind.Name}, {depth.Name} against first",
            () => PageAsync(kind.Request, After(kind.Request, depth.Share)),
            () => PageAsync(kind.Request, ""),
            Metric.P50(Alike),
            Metric.P99());

    // The token of a page is the name before it; the last page is a full one too.
    private string After(ListSkillsRequest request, double share)
    {
        var oneOf = request switch { { Owner.Length: > 0 } => 100, { Query.Length: > 0 } => 5, { Tags.Count: > 0 } => 10, _ => 1 };
        var found = stored.Names / oneOf;
        return StoredSkills.Name(Math.Max(0, (int)(share * (found - 51)) * oneOf));
    }

    private Task<Reading> PageAsync(ListSkillsRequest kind, string token) => Load.ForAsync(
        options.Duration, 1, () => client.ListSkillsAsync(new ListSkillsRequest(kind) { PageSize = 50, PageToken = token }, headers, cancellationToken: cancellationToken).ResponseAsync);
}
