using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.Testing;
using Mainstay.ToolGateway.Tests.Drivers;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Tests;

/// <summary>A running gateway over real MCP servers, that the tests of a class share.</summary>
public sealed class ToolGatewayFixture : IAsyncLifetime
{
    /// <summary>What the connector "leaking" is given and writes to its error output.</summary>
    public const string Secret = "s3cr3t-licence-key";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("mainstay-tools-");
    private EverythingServer everything = null!;

    public RunningService Service { get; private set; } = null!;

    /// <summary>The folder that the connector "filesystem" sees.</summary>
    public string Workspace => Directory.CreateDirectory(Path.Combine(directory.FullName, "workspace")).FullName;

    /// <summary>What the connector "probe" was asked.</summary>
    public Journal Journal => new(Path.Combine(directory.FullName, "journal"));

    /// <summary>The connector "gated" starts while this file is there.</summary>
    public string Gate => Path.Combine(directory.FullName, "gate");

    /// <summary>The connectors, as the configuration has them.</summary>
    public string ConnectorsYaml => $$"""
        tools:
          connectors:
            - { name: filesystem, type: stdio, command: node, arguments: ["{{PeerFiles.Filesystem}}", "{{Workspace}}"] }
            - { name: everything, type: http, url: "{{everything.Url}}" }
            - { name: probe, type: stdio, command: node, arguments: ["{{PeerFiles.Probe}}"], environment: { PROBE_JOURNAL: "{{Journal.Path}}" }, timeout: 20s }
            - { name: hasty, type: stdio, command: node, arguments: ["{{PeerFiles.Probe}}"], environment: { PROBE_JOURNAL: "{{Journal.Path}}" }, timeout: 500ms }
            - { name: missing, type: stdio, command: no-such-command-anywhere }
            - { name: crashing, type: stdio, command: sh, arguments: [-c, "echo 'no licence found' >&2; exit 3"] }
            - { name: leaking, type: stdio, command: sh, arguments: [-c, "echo \"cannot log in with $LICENCE\" >&2; exit 1"], environment: { LICENCE: "{{Secret}}" } }
            - { name: mute, type: stdio, command: sleep, arguments: ["600"], start_timeout: 1s }
            - { name: unreachable, type: http, url: "http://127.0.0.1:1/mcp" }
            - { name: gated, type: stdio, command: sh, arguments: [-c, "test -e {{Gate}} && exec node {{PeerFiles.Probe}}"], environment: { PROBE_JOURNAL: "{{Journal.Path}}" } }
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        everything = await EverythingServer.StartAsync(Cancellation);
        Service = await RunningService.StartAsync(ToolGatewayApplication.Build, "tool-gateway", Cancellation, ConnectorsYaml);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await everything.DisposeAsync();
        directory.Delete(recursive: true);
    }

    /// <summary>Ends the server of the connector "everything" and starts it again under its address.</summary>
    public async Task RestartEverythingAsync()
    {
        await everything.DisposeAsync();
        everything = await EverythingServer.StartAsync(Cancellation, everything.Port);
    }

    /// <summary>A client with a token and nothing more.</summary>
    public ToolService.ToolServiceClient User(string subject = "ada", string team = "plant") => new(Service.As(subject, ("team", team)));

    /// <summary>A client that administers the installation.</summary>
    public ToolService.ToolServiceClient Admin() => new(Service.As("root", ("role", "admin")));

    /// <summary>A client that is one of Mainstay's services.</summary>
    public ToolService.ToolServiceClient Orchestrator() => new(Service.As("orchestrator", ("role", "service")));

    /// <summary>A call of a tool, in a workflow of its own.</summary>
    public static CallToolRequest NewCall(string connector, string tool, string arguments = "{}", params PermissionRule[] workflowRules) => new()
    {
        Connector = connector,
        ToolName = tool,
        Arguments = Struct.Parser.ParseJson(arguments),
        Scope = new CallScope { WorkflowId = NewName("workflow"), ActivityId = "3", AgentId = "reviewer", WorkflowRules = { workflowRules } },
    };

    /// <summary>The approval of a call as it is.</summary>
    public static Approval ApprovalOf(CallToolRequest call) => new()
    {
        ApprovalId = NewName("approval"),
        Approver = "grace",
        ArgumentsDigest = CanonicalJson.Digest(call.Arguments.ToJsonObject()),
    };

    /// <summary>A rule about tools, with conditions of the form "argument=pattern".</summary>
    public static PermissionRule Rule(string name, PermissionEffect effect, string tool, params string[] conditions) => new()
    {
        RuleName = name,
        Effect = effect,
        Tools = { tool },
        Arguments = { conditions.Select(condition => condition.Split('=')).Select(parts => new ArgumentCondition { Argument = parts[0], Pattern = parts[1] }) },
        Reason = $"Because of {name}.",
    };

    public static string NewName(string prefix) => $"{prefix}-{Guid.CreateVersion7():n}";

    /// <summary>Waits for the next audit event of a workflow.</summary>
    public static Task<AuditEvent> NextEventAsync(BusListener bus, string workflowId) => NextEventAsync(bus, one => one.WorkflowId == workflowId);

    /// <summary>Waits for the next audit event that is meant; the bus is shared with other tests.</summary>
    public static async Task<AuditEvent> NextEventAsync(BusListener bus, Predicate<AuditEvent> isMeant)
    {
        while (true)
        {
            var message = await bus.NextAsync(Cancellation);
            var auditEvent = JsonSerializer.Deserialize<AuditEvent>(message.Body.Span)!;
            if (isMeant(auditEvent))
            {
                Assert.Equal($"tool-gateway.{auditEvent.Action}.{auditEvent.Result}", message.RoutingKey);
                return auditEvent;
            }
        }
    }

    /// <summary>Holds a failure to its code and reason.</summary>
    public static async Task<RpcException> FailsAsync(StatusCode code, string reason, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal((code, $"TOOL_ERROR_REASON_{reason}"), (exception.StatusCode, exception.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Type));
        return exception;
    }
}
