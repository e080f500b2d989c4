using Temporalio.Api.Protocol.V1;

namespace Temporalio.Worker.Execution;

/// <summary>What one workflow task saw, and what its answer left in history.</summary>
/// <param name="Confirmations">Events written for the commands of the task before.</param>
/// <param name="Started">The start of this task; null when history ends with the answer of the last.</param>
/// <param name="Inputs">Events that this task was the first to see.</param>
/// <param name="Ahead">Events written for this task's own commands; empty for a live task.</param>
/// <param name="Live">Whether the task is still to be answered.</param>
/// <param name="ReseedRunId">The run that a reset made, if one lies between.</param>
internal sealed record Stretch(
    IReadOnlyList<HistoryEvent> Confirmations,
    HistoryEvent? Started,
    IReadOnlyList<HistoryEvent> Inputs,
    IReadOnlyList<HistoryEvent> Ahead,
    bool Live,
    string? ReseedRunId)
{
    /// <summary>Updates that came with the task itself.</summary>
    public IReadOnlyList<Message> Messages { get; init; } = [];

    /// <summary>The version of the worker that answered this task; null while it is live, and where history does not say.</summary>
    public WorkerDeploymentVersion? Version { get; init; }
}
