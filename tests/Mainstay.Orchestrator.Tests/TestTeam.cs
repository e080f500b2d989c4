using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.Orchestrator.V1;
using Mainstay.Skills.V1;
using Mainstay.Testing;
using Mainstay.Tools.V1;
using RunTask = Mainstay.Orchestrator.V1.Task;

namespace Mainstay.Orchestrator.Tests;

/// <summary>A team with a skill and an agent, and what its people do with tasks.</summary>
public sealed class TestTeam(OrchestratorFixture orchestrator, string name)
{
    public const string AgentId = "reviewer";

    private static readonly PermissionRule ReadingIsFree = new()
    {
        RuleName = "reading-is-free",
        Effect = PermissionEffect.Allow,
        Tools = { "filesystem.read_text_file" },
    };

    public TaskService.TaskServiceClient Tasks { get; } = new(orchestrator.As("orchestrator", "ada", name, OrchestratorFixture.Scopes));

    public AgentService.AgentServiceClient Agents { get; } = new(orchestrator.As("orchestrator", "ada", name, OrchestratorFixture.Scopes));

    /// <summary>The team's skill, which no other team has.</summary>
    public string SkillName => $"skill-{name[^12..]}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public TaskService.TaskServiceClient TasksAs(string subject, string scopes, string? otherTeam = null) =>
        new(orchestrator.As("orchestrator", subject, otherTeam ?? name, scopes));

    /// <summary>Publishes the skill and registers an agent whose model plays a script; reading is allowed, writing needs an approval.</summary>
    public async System.Threading.Tasks.Task RegisterAsync(string script, Action<Agent>? configure)
    {
        await PublishSkillAsync("1.0.0");
        var agent = new Agent
        {
            AgentId = AgentId,
            Model = script,
            Skills = { new SkillReference { SkillName = SkillName } },
            PermissionRules =
            {
                ReadingIsFree,
                new PermissionRule { RuleName = "writing-needs-a-person", Effect = PermissionEffect.NeedsApproval, Tools = { "filesystem.write_file" }, Reason = "Somebody reads it first." },
            },
        };
        configure?.Invoke(agent);
        await Agents.RegisterAgentAsync(new RegisterAgentRequest { Agent = agent }, cancellationToken: Cancellation);
    }

    /// <summary>Publishes a version of the team's skill and returns its digest.</summary>
    public async Task<string> PublishSkillAsync(string version, ExecutionConfig? execution = null)
    {
        var skill = new Skill
        {
            SkillName = SkillName,
            Version = version,
            PromptTemplate = "Review {{ sheet }}.",
            AllowedTools = { "filesystem.read_text_file", "filesystem.write_file" },
            OutputSchema = Struct.Parser.ParseJson("""{"type": "object", "required": ["verdict"], "properties": {"verdict": {"type": "string"}}}"""),
            ExecutionConfig = execution,
        };
        var skills = new SkillService.SkillServiceClient(orchestrator.As("skills", "ada", name, OrchestratorFixture.Scopes));
        return (await skills.RegisterSkillAsync(new RegisterSkillRequest { Skill = skill }, cancellationToken: Cancellation)).Skill.Digest;
    }

    public StartTaskRequest NewTask() => new()
    {
        AgentId = AgentId,
        Goal = "Review the sheet.",
        Input = Struct.Parser.ParseJson("""{"sheet": "notes.txt"}"""),
        RequestId = Guid.CreateVersion7().ToString(),
    };

    public async Task<string> StartAsync(StartTaskRequest? request = null) =>
        (await Tasks.StartTaskAsync(request ?? NewTask(), cancellationToken: Cancellation)).Task.TaskId;

    public async Task<RunTask> GetAsync(string taskId) => (await Tasks.GetTaskAsync(new GetTaskRequest { TaskId = taskId }, cancellationToken: Cancellation)).Task;

    /// <summary>Starts a task and returns it once it has ended, with its events.</summary>
    public async Task<(RunTask Task, IReadOnlyList<TaskEvent> Events)> RunAsync(StartTaskRequest? request = null)
    {
        var taskId = await StartAsync(request);
        var events = await WatchAsync(taskId);
        return (await GetAsync(taskId), events);
    }

    /// <summary>Reads a task's events to the last of its run.</summary>
    public async Task<IReadOnlyList<TaskEvent>> WatchAsync(string taskId, long after = 0)
    {
        using var call = Tasks.WatchTask(new WatchTaskRequest { TaskId = taskId, AfterSequence = after }, cancellationToken: Cancellation);
        var events = new List<TaskEvent>();
        await foreach (var response in call.ResponseStream.ReadAllAsync(Cancellation))
        {
            events.Add(response.Event);
        }

        return events;
    }

    /// <summary>Waits until a tool call waits for a person.</summary>
    public async Task<PendingApproval> PendingAsync(string taskId)
    {
        PendingApproval? pending = null;
        await Eventually.TrueAsync(async () => (pending = (await GetAsync(taskId)).PendingApprovals.FirstOrDefault()) is not null, Cancellation);
        return pending!;
    }
}
