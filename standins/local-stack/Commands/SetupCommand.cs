using Mainstay.LocalStack.Dependencies;

namespace Mainstay.LocalStack.Commands;

/// <summary>Installs what the local stack and the tests need from Debian.</summary>
internal static class SetupCommand
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        arguments.RequireKnown();
        await DebianPackages.EnsureAsync(DebianPackages.All, cancellationToken);
        Console.WriteLine($"Installed: {string.Join(", ", DebianPackages.All)}.");
        return 0;
    }
}
