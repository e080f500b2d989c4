using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Mainstay.LocalStack;
using Mainstay.LocalStack.Auth;
using Mainstay.Orchestrator.V1;
using Mainstay.Skills.V1;
using RunTask = Mainstay.Orchestrator.V1.Task;

namespace Mainstay.Demo;

/// <summary>One run of the review, as its users see it: an engineer starts and watches it, a colleague approves, and the orchestrator is killed half-way.</summary>
internal sealed class CommissioningRun(LocalEnvironment environment, ModelChoice model, TextWriter output)
{
    private const int CrashAtIteration = 3;
    private const int MostBreaksWithoutNews = 3;
    private static readonly TokenRequest Engineer = new() { Subject = "ada@plant.example", Scope = "skills:publish agents:register tasks:run audit:read" };
    private static readonly TokenRequest Approver = new() { Subject = "grace@plant.example", Scope = "tasks:approve" };

    private readonly List<TaskEvent> events = [];

    /// <summary>The task's events, in order.</summary>
    public IReadOnlyList<TaskEvent> Events => events;

    /// <summary>Whether the orchestrator was killed while the run was under way.</summary>
    public bool Crashed { get; private set; }

    /// <summary>Publishes the skill, registers the agent, runs the task to its end and returns it.</summary>
    public async Task<RunTask> ExecuteAsync(CancellationToken cancellationToken)
    {
        Narrator.Chapter("Registering the skill and the agent", output);
        using var skills = Channel("skills");
        using var orchestrator = Channel("orchestrator");
        var registered = await new SkillService.SkillServiceClient(As(skills, Engineer)).RegisterSkillAsync(
            new RegisterSkillRequest { Skill = SampleFiles.Read<Skill>("skill.yaml") }, cancellationToken: cancellationToken);
        output.WriteLine($"  skill  {registered.Skill.SkillName} {registered.Skill.Version}  digest {registered.Skill.Digest[..12]}…");
        var agent = await new AgentService.AgentServiceClient(As(orchestrator, Engineer)).RegisterAgentAsync(
            new RegisterAgentRequest { Agent = SampleFiles.Read<Agent>("agent.yaml") }, cancellationToken: cancellationToken);
        output.WriteLine($"  agent  {agent.Agent.AgentId}, {agent.Agent.PermissionRules.Count} permission rules of level workflow");

        Narrator.Chapter($"Running the task; the model is {model.Description}", output);
        var tasks = new TaskService.TaskServiceClient(As(orchestrator, Engineer));
        var started = await tasks.StartTaskAsync(NewTask(), cancellationToken: cancellationToken);
        output.WriteLine($"  task   {started.Task.TaskId}");
        await WatchAsync(tasks, new TaskService.TaskServiceClient(As(orchestrator, Approver)), started.Task.TaskId, cancellationToken);
        return (await tasks.GetTaskAsync(new GetTaskRequest { TaskId = started.Task.TaskId }, cancellationToken: cancellationToken)).Task;
    }

    private static StartTaskRequest NewTask() => new()
    {
        AgentId = "commissioning-reviewer",
        Goal = "Review the commissioning tests of Norrvik 1 and write the report.",
        RequestId = Guid.NewGuid().ToString(),
        Input = Struct.Parser.ParseJson("""
            {
              "plant": { "name": "Norrvik 1", "power_mw": 20, "energy_mwh": 40 },
              "sheets": "sheets",
              "report": "reports/commissioning-review.md",
              "focus": ["capacity", "insulation resistance"]
            }
            """),
    };

    // A watcher whose stream breaks goes on after the last event that it saw.
    private async System.Threading.Tasks.Task WatchAsync(
        TaskService.TaskServiceClient tasks, TaskService.TaskServiceClient approver, string taskId, CancellationToken cancellationToken)
    {
        var breaks = 0;
        while (true)
        {
            try
            {
                using var call = tasks.WatchTask(
                    new WatchTaskRequest { TaskId = taskId, AfterSequence = events.Count == 0 ? 0 : events[^1].Sequence }, cancellationToken: cancellationToken);
                await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    breaks = 0;
                    events.Add(response.Event);
                    Narrator.Event(output, response.Event);
                    await ReactAsync(approver, response.Event, cancellationToken);
                }

                return;
            }
            catch (RpcException e) when (IsBreak(e) && breaks < MostBreaksWithoutNews && !cancellationToken.IsCancellationRequested)
            {
                breaks++;
                output.WriteLine($"  … the stream broke with the orchestrator; watching again after event {events[^1].Sequence}");
            }
        }
    }

    private bool IsBreak(RpcException exception) =>
        Crashed && exception.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown;

    private async System.Threading.Tasks.Task ReactAsync(TaskService.TaskServiceClient approver, TaskEvent taskEvent, CancellationToken cancellationToken)
    {
        if (taskEvent.Type == "llm_call.chunk" && !Crashed && taskEvent.Data.Fields["iteration"].NumberValue >= CrashAtIteration)
        {
            await CrashAsync(cancellationToken);
        }
        else if (taskEvent.Type == "human_approval.requested")
        {
            await ApproveAsync(approver, taskEvent.TaskId, cancellationToken);
        }
    }

    private async System.Threading.Tasks.Task CrashAsync(CancellationToken cancellationToken)
    {
        Crashed = true;
        Narrator.Loud(output, "CRASH     the orchestrator gets SIGKILL while the model's answer streams in");
        await environment.KillAsync("orchestrator", cancellationToken);
        await environment.RestartAsync("orchestrator", cancellationToken);
        Narrator.Loud(output, "RECOVERY  the orchestrator is back; the run goes on where it was, from its history");
    }

    private async System.Threading.Tasks.Task ApproveAsync(TaskService.TaskServiceClient approver, string taskId, CancellationToken cancellationToken)
    {
        var task = (await approver.GetTaskAsync(new GetTaskRequest { TaskId = taskId }, cancellationToken: cancellationToken)).Task;
        foreach (var pending in task.PendingApprovals)
        {
            Narrator.Loud(output, $"APPROVAL  {Approver.Subject} reads and approves {pending.Connector}.{pending.ToolName} {pending.Arguments.Fields["path"].StringValue} (arguments {pending.ArgumentsDigest[..12]}…)");
            await approver.ApproveToolCallAsync(
                new ApproveToolCallRequest { TaskId = taskId, ToolCallId = pending.ToolCallId, ArgumentsDigest = pending.ArgumentsDigest, Comment = "Read it; fine." },
                cancellationToken: cancellationToken);
        }
    }

    private GrpcChannel Channel(string service) => GrpcChannel.ForAddress(environment.Endpoints.Services[service].Grpc);

    private CallInvoker As(GrpcChannel channel, TokenRequest who)
    {
        var token = environment.MintToken(who);
        return channel.Intercept(metadata =>
        {
            metadata.Add("authorization", $"Bearer {token}");
            return metadata;
        });
    }
}
