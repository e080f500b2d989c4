using Temporalio.Api.TaskQueue.V1;
using Temporalio.Client;
using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Polling;

/// <summary>What a poll loop polls for, and what it does with the answers.</summary>
/// <typeparam name="TTask">The answer to a poll, with a task or without.</typeparam>
internal sealed record PollSource<TTask>(
    string Kind,
    string PollerType,
    bool Sticky,
    Func<RpcOptions, Task<TTask>> PollAsync,
    Func<TTask, SlotInfo?> Task,
    Func<TTask, PollerScalingDecision?> Advice,
    Action<bool> Answered,
    Func<TTask, Task> HandleAsync);
