namespace Mainstay.Orchestrator.Events;

/// <summary>An event that is to be recorded.</summary>
/// <param name="Key">What it is about, unique within the task: recorded twice, it is there once.</param>
/// <param name="Type">What happened, for example "tool_call.completed".</param>
/// <param name="Data">Facts about it.</param>
public sealed record NewTaskEvent(string Key, string Type, IReadOnlyDictionary<string, object?> Data);
