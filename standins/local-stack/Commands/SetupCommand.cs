using Mainstay.LocalStack.Dependencies;

namespace Mainstay.LocalStack.Commands;

/// <summary>Installs what the local stack and the tests need from Debian.</summary>
internal static class SetupCommand
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        arguments.RequireKnown();
        await DebianPackages.EnsureAsync([DebianPackages.PostgreSql, DebianPackages.RabbitMq, DebianPackages.PythonGrpc], cancellationToken);
        Console.WriteLine("PostgreSQL, RabbitMQ and python3-grpcio are installed.");
        return 0;
    }
}
