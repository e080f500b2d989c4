namespace Mainstay.Benchmarks.Harness;

/// <summary>One piece of work that both sides do.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Ours">Measures our side once.</param>
/// <param name="Peer">Measures the peer once.</param>
/// <param name="Metrics">What is told of it.</param>
internal sealed record Contest(string Name, Func<Task<Reading>> Ours, Func<Task<Reading>> Peer, params Metric[] Metrics);
