using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Audit.DeadLetters;

internal static class DeadLettersExtensions
{
    /// <summary>Adds what an administrator does with messages that were no event.</summary>
    public static IServiceCollection AddDeadLetters(this IServiceCollection services)
    {
        services.TryAddSingleton<GetDeadLetterBody>();
        services.TryAddSingleton<ListDeadLetters>();
        services.TryAddSingleton<ReplayDeadLetter>();
        return services;
    }
}
