using System.Runtime.InteropServices;
using Mainstay.Benchmarks.Audit;
using Mainstay.Benchmarks.Grpc;
using Mainstay.Benchmarks.Harness;
using Mainstay.Benchmarks.Skills;
using Mainstay.Benchmarks.Temporal;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
{
    context.Cancel = true;
    stop.Cancel();
});

try
{
    var options = BenchmarkOptions.Parse(args);
    return args.FirstOrDefault() switch
    {
        "audit" => await AuditBenchmark.RunAsync(options, stop.Token),
        "grpc" => await GrpcBenchmark.RunAsync(options, stop.Token),
        "skills" => await SkillsBenchmark.RunAsync(options, stop.Token),
        "temporal" => await TemporalBenchmark.RunAsync(options, stop.Token),
        EchoServer.Command => await EchoServer.RunAsync(stop.Token),
        _ => throw new ArgumentException("Benchmarks: audit, grpc, skills, temporal."),
    };
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
