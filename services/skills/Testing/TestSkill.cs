using System.Globalization;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.Skills.Access;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.Changes;
using Mainstay.Skills.V1;
using Npgsql;

namespace Mainstay.Skills.Testing;

/// <summary>Runs a version's examples through the LLM gateway, scores the answers and leaves the outcome on record.</summary>
internal sealed class TestSkill(GetSkill getSkill, NpgsqlDataSource database, AuditOutbox outbox, TimeProvider clock, RunExample? run = null)
{
    private const int MostAtOnce = 4;

    public async Task<TestSkillResponse> ExecuteAsync(TestSkillRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        caller.Require(SkillScopes.Draft);
        var skill = await getSkill.ExecuteAsync(request.SkillName, request.Version, caller, cancellationToken);
        var examples = Chosen(skill, request.ExampleNames);
        if (run is null)
        {
            throw SkillErrors.NotTestable(skill.SkillName, skill.Version, "this registry knows no LLM gateway; set services.llm-gateway and auth.service_token_file");
        }

        var start = clock.GetTimestamp();
        var model = request.Model.Length > 0 ? request.Model : skill.ExecutionConfig?.Model ?? "";
        var judge = request.JudgeModel.Length > 0 ? request.JudgeModel : model;
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var results = new ExampleResult[examples.Count];
        await Parallel.ForAsync(
            0,
            examples.Count,
            new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken },
            async (i, token) => results[i] = await run.ExecuteAsync(new ExampleRun(id, skill, examples[i], model, judge), caller, token));

        var answer = new TestSkillResponse
        {
            Version = skill.Version,
            Digest = skill.Digest,
            Results = { results },
            Passed = results.Count(result => result.Passed),
            CostMicroUsd = results.Sum(result => result.CostMicroUsd),
        };
        await RecordAsync(skill, answer, model, clock.GetElapsedTime(start), caller, cancellationToken);
        return answer;
    }

    private static List<SkillExample> Chosen(Skill skill, IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (skill.Examples.All(example => example.Name != names[i]))
            {
                throw SkillErrors.FieldInvalid(($"example_names[{i}]", $"names no example of the version: '{names[i]}'"));
            }
        }

        return skill.Examples.Count > 0
            ? [.. skill.Examples.Where(example => names.Count == 0 || names.Contains(example.Name))]
            : throw SkillErrors.NotTestable(skill.SkillName, skill.Version, "the version has no examples");
    }

    private async Task RecordAsync(Skill skill, TestSkillResponse answer, string model, TimeSpan elapsed, CallerContext caller, CancellationToken cancellationToken)
    {
        var note = new ChangeNote("skill_test", SkillScopes.Draft, skill.SkillName, skill.Version)
        {
            Facts = new Dictionary<string, string>
            {
                ["version"] = skill.Version,
                ["digest"] = skill.Digest,
                ["model"] = model,
                ["examples"] = answer.Results.Count.ToString(CultureInfo.InvariantCulture),
                ["passed"] = answer.Passed.ToString(CultureInfo.InvariantCulture),
                ["cost_micro_usd"] = answer.CostMicroUsd.ToString(CultureInfo.InvariantCulture),
            },
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var result = answer.Passed == answer.Results.Count ? "success" : "failure";
        await outbox.AppendAsync(
            connection, null, note.ToAuditEvent(caller, clock) with { Result = result, LatencyMs = (long)elapsed.TotalMilliseconds }, cancellationToken);
    }
}
