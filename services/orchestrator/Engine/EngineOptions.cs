namespace Mainstay.Orchestrator.Engine;

/// <summary>How runs reach the engine's workers.</summary>
/// <param name="TaskQueue">The task queue of the runs; default "mainstay".</param>
/// <param name="MostConcurrentWorkflowTasks">The most workflow tasks at once; default 100.</param>
/// <param name="MostConcurrentActivities">The most activities at once; default 200.</param>
internal sealed record EngineOptions(string TaskQueue, int MostConcurrentWorkflowTasks, int MostConcurrentActivities);
