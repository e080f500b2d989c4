using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Permissions;

/// <summary>Checks what a call says about itself before anything is decided about it.</summary>
internal static class CallChecks
{
    /// <summary>The names and ids that are not valid.</summary>
    public static IEnumerable<(string Field, string Description)> Names(string connector, string toolName, CallScope? scope) =>
        from field in new (string Name, string Text, bool IsRequired)[]
        {
            ("connector", connector, true),
            ("tool_name", toolName, true),
            ("scope.workflow_id", scope?.WorkflowId ?? "", false),
            ("scope.activity_id", scope?.ActivityId ?? "", false),
            ("scope.agent_id", scope?.AgentId ?? "", false),
        }
        where !PlainText.Is(field.Text, PlainText.LongestName) || (field.IsRequired && field.Text.Length == 0)
        select (field.Name, $"must be {(field.IsRequired ? "1 to" : "at most")} {PlainText.LongestName} characters, none of them a control character");

    /// <summary>The arguments as JSON; refuses what JSON cannot hold.</summary>
    public static JsonObject Arguments(Struct? arguments)
    {
        try
        {
            return (arguments ?? new Struct()).ToJsonObject();
        }
        catch (FormatException e)
        {
            throw ToolErrors.FieldInvalid(("arguments", e.Message.TrimEnd('.')));
        }
    }
}
