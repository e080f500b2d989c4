namespace Mainstay.Orchestrator.Tasks;

/// <summary>The scopes that calls about tasks need.</summary>
internal static class TaskScopes
{
    /// <summary>To start, pause, resume and cancel.</summary>
    public const string Run = "tasks:run";

    /// <summary>To approve and reject tool calls.</summary>
    public const string Approve = "tasks:approve";
}
