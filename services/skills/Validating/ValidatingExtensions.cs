using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Skills.Validating;

internal static class ValidatingExtensions
{
    /// <summary>Adds the checking of answers.</summary>
    public static IServiceCollection AddValidating(this IServiceCollection services)
    {
        services.TryAddSingleton<ValidateOutput>();
        return services;
    }
}
