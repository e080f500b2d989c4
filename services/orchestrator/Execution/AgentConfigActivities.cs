using System.Text.Json;
using Dapper;
using Google.Protobuf;
using Mainstay.Llm.V1;
using Mainstay.Orchestrator.Events;
using Mainstay.Orchestrator.Tasks;
using Mainstay.Skills.V1;
using Temporalio.Activities;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Builds what a run is pinned to: skill versions, prompts, tools and bounds.</summary>
internal sealed class AgentConfigActivities(
    RunStore runs, RunRecorder recorder, SkillService.SkillServiceClient skills, ToolCatalogue catalogue, TimeProvider clock)
{
    private const string Store = """
        update task
        set run_config = @Config::json, pinned_skills = @PinnedSkills::json
        where task_id = @TaskId and run_config is null
        """;

    /// <summary>Resolves and pins every skill version, renders the prompts and writes the transcript's beginning.</summary>
    [Activity("build_agent_config")]
    public async Task<RunPlan> BuildAgentConfigAsync(string taskId)
    {
        var cancellationToken = ActivityExecutionContext.Current.CancellationToken;
        var run = await runs.ReadAsync(taskId, cancellationToken);
        var pinned = new List<(Skill Skill, string Prompt)>();
        foreach (var reference in run.Agent.Skills)
        {
            pinned.Add(await PinAsync(run, reference));
        }

        var tools = await catalogue.OfferAsync(run, [.. pinned.SelectMany(pin => pin.Skill.AllowedTools).Distinct()]);
        var answering = pinned[^1].Skill;
        var execution = answering.ExecutionConfig;
        var config = new RunConfig(
            FirstNonEmpty(run.Agent.Model, execution?.Model, "default"),
            execution is { HasTemperature: true } ? execution.Temperature : null,
            answering.SkillName,
            answering.Version,
            answering.OutputSchema is not null,
            tools,
            execution?.MaxOutputTokens ?? 0);
        Message[] opening =
        [
            new() { Role = Role.System, Content = SystemPrompt(run, pinned) },
            new() { Role = Role.User, Content = run.Goal.Length > 0 ? run.Goal : "Begin." },
        ];
        var plan = RunPlans.For(run.Agent.Limits, execution, opening.Length);

        await recorder.RecordAsync(
            taskId,
            async (connection, transaction) =>
            {
                var pins = pinned.Select(pin => new PinnedSkillRow(pin.Skill.SkillName, pin.Skill.Version, pin.Skill.Digest));
                await connection.ExecuteAsync(new CommandDefinition(
                    Store,
                    new { taskId, Config = JsonSerializer.Serialize(config), PinnedSkills = JsonSerializer.Serialize(pins) },
                    transaction,
                    cancellationToken: cancellationToken));
                for (var position = 0; position < opening.Length; position++)
                {
                    await RunStore.WriteMessageAsync(connection, transaction, taskId, position, opening[position], cancellationToken);
                }
            },
            cancellationToken,
            new NewTaskEvent("started", TaskEventTypes.Started, new Dictionary<string, object?>
            {
                ["agent_id"] = run.Agent.AgentId,
                ["skills"] = pinned.Select(pin => $"{pin.Skill.SkillName}@{pin.Skill.Version}").ToArray(),
                ["model"] = config.Model,
                ["tools"] = tools.Count,
            }));
        return plan;
    }

    private Task<(Skill Skill, string Prompt)> PinAsync(RunContext run, V1.SkillReference reference) =>
        PeerCall.RunAsync("skills", clock, async token =>
        {
            var resolved = await skills.ResolveSkillAsync(
                new ResolveSkillRequest { SkillName = reference.SkillName, Reference = reference.Version }, run.ActingForInitiator, cancellationToken: token);
            var found = await skills.GetSkillAsync(
                new GetSkillRequest { SkillName = reference.SkillName, Version = resolved.Version }, run.ActingForInitiator, cancellationToken: token);
            var rendered = await skills.RenderPromptAsync(
                new RenderPromptRequest { SkillName = found.Skill.SkillName, Version = found.Skill.Version, Variables = run.Input },
                run.ActingForInitiator,
                cancellationToken: token);
            return (found.Skill, rendered.Prompt);
        });

    private static string SystemPrompt(RunContext run, IReadOnlyList<(Skill Skill, string Prompt)> pinned)
    {
        IEnumerable<string> parts = [run.Agent.Instructions, .. pinned.Select(pin => pin.Prompt)];
        if (pinned[^1].Skill.OutputSchema is { } schema)
        {
            parts = parts.Append($"When you are done, answer with JSON alone, without a code fence, that validates against this JSON Schema:\n{JsonFormatter.Default.Format(schema)}");
        }

        return string.Join("\n\n", parts.Where(part => part.Length > 0));
    }

    private static string FirstNonEmpty(params string?[] values) => values.First(value => value is { Length: > 0 })!;
}
