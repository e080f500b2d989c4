using Google.Protobuf.WellKnownTypes;
using Temporalio.Activities;
using Temporalio.Api.Command.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Tests.Mirror;

/// <summary>Namespaces, task queues, the server's own facts, and the policies for workflow ids.</summary>
public sealed class ServerScenarios(MirrorServer server)
{
    [Fact]
    public async Task Namespace_Registered_DescribedAndRegisteredAgain()
    {
        await using var t = new Scenario(server.Client, "namespace-register");
        var name = $"conf-{t.Uid}";
        Task RegisterAsync(string suffix, int seconds, Action<RegisterNamespaceRequest>? change = null)
        {
            var request = new RegisterNamespaceRequest { Namespace = name + suffix, WorkflowExecutionRetentionPeriod = seconds == 0 ? null : new Duration { Seconds = seconds } };
            change?.Invoke(request);
            return t.Service.RegisterNamespaceAsync(request);
        }

        await t.CallAsync("register", () => RegisterAsync("", 86400 * 2, r => (r.Description, r.OwnerEmail, r.Data["k"]) = ("conformance", "o@example.org", "v")));
        await t.CallAsync("describe", () => t.Service.DescribeNamespaceAsync(new() { Namespace = name }), described =>
        {
            (described.NamespaceInfo.Id, described.NamespaceInfo.Capabilities, described.NamespaceInfo.Limits) = (described.NamespaceInfo.Id.Length > 0 ? "an id" : "none", null, null);
            (described.ReplicationConfig, described.FailoverVersion) = (null, 0);
            return described;
        });
        await t.CallAsync("again", () => RegisterAsync("", 86400));
        await t.CallAsync("no retention", () => RegisterAsync("-b", 0));
        await t.CallAsync("retention under a day", () => RegisterAsync("-c", 60));
        await t.CallAsync("no name", () => RegisterAsync("", 86400, r => r.Namespace = ""));
        await t.CallAsync("unknown", () => t.Service.DescribeNamespaceAsync(new() { Namespace = $"{name}-nobody" }));
        await t.CallAsync("start in an unknown namespace", () => t.RawStartAsync("x", r => r.Namespace = $"{name}-nobody"));
    }

    [Fact]
    public async Task Namespace_Default_SaysWhatItCanDo()
    {
        await using var t = new Scenario(server.Client, "namespace-describe-default");
        var described = await t.Service.DescribeNamespaceAsync(new() { Namespace = "default" });
        t.Fact("state and name", new { nameAsAsked = described.NamespaceInfo.Name == "default", state = Scenario.Json(described.NamespaceInfo)["state"], isGlobal = described.IsGlobalNamespace });
        var can = described.NamespaceInfo.Capabilities;
        t.Fact("capabilities that clients rely on", new { eagerWorkflowStart = can.EagerWorkflowStart, syncUpdate = can.SyncUpdate, asyncUpdate = can.AsyncUpdate });
    }

    [Fact]
    public async Task TaskQueue_Described_NamesItsPollers()
    {
        await using var t = new Scenario(server.Client, "task-queue-describe");
        await t.WorkerAsync([Activity("double")] (int number) => number);
        Task<DescribeTaskQueueResponse> DescribeAsync(TaskQueueType type, string? queue = null) =>
            t.Service.DescribeTaskQueueAsync(new() { Namespace = "default", TaskQueue = new() { Name = queue ?? t.Queue }, TaskQueueType = type });
        static object Identities(DescribeTaskQueueResponse r) => new { identities = r.Pollers.Select(p => p.Identity).Distinct() };
        await Mainstay.Testing.Eventually.TrueAsync(
            async () => (await DescribeAsync(TaskQueueType.Workflow)).Pollers.Count > 0 && (await DescribeAsync(TaskQueueType.Activity)).Pollers.Count > 0, Scenario.CancellationToken);
        await t.CallAsync("workflow pollers", () => DescribeAsync(TaskQueueType.Workflow), Identities);
        await t.CallAsync("activity pollers", () => DescribeAsync(TaskQueueType.Activity), Identities);
        Assert.Empty((await DescribeAsync(TaskQueueType.Workflow, t.Name("nobody"))).Pollers);
        await t.CallAsync("no name", () => DescribeAsync(TaskQueueType.Workflow, ""));
    }

    [Fact]
    public async Task System_SaysWhatSdksLookAt()
    {
        await using var t = new Scenario(server.Client, "system-info");
        var can = Scenario.Json((await t.Service.GetSystemInfoAsync(new())).Capabilities).AsObject();
        string[] looked =
        [
            "signalAndQueryHeader", "internalErrorDifferentiation", "activityFailureIncludeHeartbeat", "supportsSchedules", "encodedFailureAttributes", "upsertMemo", "eagerWorkflowStart",
            "countGroupByExecutionStatus",
        ];
        t.Fact("capabilities", looked.ToDictionary(name => name, name => can[name]?.GetValue<bool>() ?? false));
        var cluster = await t.Service.GetClusterInfoAsync(new());
        t.Fact("cluster info has", new
        {
            serverVersion = cluster.ServerVersion.Length > 0,
            clusterId = cluster.ClusterId.Length > 0,
            historyShardCount = cluster.HistoryShardCount > 0,
            persistenceStore = cluster.PersistenceStore.Length > 0,
        });
        Assert.True(await t.Client.Connection.CheckHealthAsync());
    }

    [Fact]
    public async Task Ids_ReusedAfterEachEnding_UnderEachPolicy()
    {
        await using var t = new Scenario(server.Client, "id-reuse-policies");
        (string Fact, WorkflowIdReusePolicy Policy)[] policies =
        [
            ("ALLOW_DUPLICATE", WorkflowIdReusePolicy.AllowDuplicate),
            ("ALLOW_DUPLICATE_FAILED_ONLY", WorkflowIdReusePolicy.AllowDuplicateFailedOnly),
            ("REJECT_DUPLICATE", WorkflowIdReusePolicy.RejectDuplicate),
            ("TERMINATE_IF_RUNNING", System.Enum.Parse<WorkflowIdReusePolicy>("TerminateIfRunning")),
        ];
        foreach (var (fact, policy) in policies)
        {
            foreach (var before in new[] { "completed", "failed", "terminated", "running" })
            {
                var (label, queue) = ($"{fact}-{before}", t.Name($"q-{fact}-{before}"));
                var first = await t.RawStartAsync(label, null, queue);
                await CloseAsync(t, label, queue, before);
                await t.CallAsync($"{fact} after {before}", () => t.RawStartAsync(label, r => r.WorkflowIdReusePolicy = policy, queue), runId => runId == first ? "same run" : "new run");
            }
        }
    }

    [Fact]
    public async Task Ids_InUse_UnderEachConflictPolicy()
    {
        await using var t = new Scenario(server.Client, "id-conflict-policies");
        (string Fact, WorkflowIdConflictPolicy Policy)[] policies =
        [
            ("UNSPECIFIED", WorkflowIdConflictPolicy.Unspecified), ("FAIL", WorkflowIdConflictPolicy.Fail), ("USE_EXISTING", WorkflowIdConflictPolicy.UseExisting),
            ("TERMINATE_EXISTING", WorkflowIdConflictPolicy.TerminateExisting),
        ];
        foreach (var (fact, policy) in policies)
        {
            Task<StartWorkflowExecutionResponse> StartAsync()
            {
                var request = t.StartRequest(fact);
                request.WorkflowIdConflictPolicy = policy;
                return t.Service.StartWorkflowExecutionAsync(request);
            }

            var first = await StartAsync();
            t.Fact($"{fact} first", new { started = first.Started, status = Scenario.Json(first)["status"] });
            await t.CallAsync(fact, StartAsync, second => new { run = second.RunId == first.RunId ? "same run" : "new run", started = second.Started, status = Scenario.Json(second)["status"] });
            t.History($"{fact} first run", t.Name(fact), first.RunId);
        }

        await t.CallAsync("TERMINATE_IF_RUNNING with a conflict policy", () => t.RawStartAsync(
            "x", r => (r.WorkflowIdReusePolicy, r.WorkflowIdConflictPolicy) = (System.Enum.Parse<WorkflowIdReusePolicy>("TerminateIfRunning"), WorkflowIdConflictPolicy.Fail)));
        await t.CallAsync("REJECT_DUPLICATE with TERMINATE_EXISTING", () => t.RawStartAsync(
            "y", r => (r.WorkflowIdReusePolicy, r.WorkflowIdConflictPolicy) = (WorkflowIdReusePolicy.RejectDuplicate, WorkflowIdConflictPolicy.TerminateExisting)));
        var same = t.StartRequest("z");
        var started = await t.Service.StartWorkflowExecutionAsync(same);
        await t.CallAsync("same request id", () => t.Service.StartWorkflowExecutionAsync(same), again => again.RunId == started.RunId ? "same run" : "new run");
        await t.MatchesAsync();
    }

    private static async Task CloseAsync(Scenario t, string label, string queue, string how)
    {
        switch (how)
        {
            case "completed":
                await t.CompleteTaskAsync(await t.PollTaskAsync(queue), Scenario.Complete());
                break;
            case "failed":
                await t.CompleteTaskAsync(await t.PollTaskAsync(queue), new Command
                {
                    CommandType = CommandType.FailWorkflowExecution,
                    FailWorkflowExecutionCommandAttributes = new() { Failure = new() { Message = "failed on purpose" } },
                });
                break;
            case "terminated":
                await t.TerminateAsync(label);
                break;
        }
    }
}
