using System.Runtime.InteropServices;
using Grpc.Core;
using Mainstay.Demo;
using Mainstay.LocalStack;

if (args.Except(["--keep", "--free-ports"]).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"There is no option {unknown} here. Options: --keep leaves everything running at the end, --free-ports takes free ports.");
    return 2;
}

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await Demonstration.RunAsync(args.Contains("--keep"), args.Contains("--free-ports"), stop.Token);
}
catch (LocalStackException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (RpcException e)
{
    Console.Error.WriteLine($"{e.StatusCode}: {e.Status.Detail}");
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
