using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Keda.Inference.ExternalScaler.Hosting;

/// <summary>Serves until it is told to stop.</summary>
internal static class ServeCommand
{
    /// <summary>0 after an orderly end, 2 for wrong configuration, 1 for a port that is taken.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var app = ScalerHost.Build(args);
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException wrong)
        {
            foreach (var failure in wrong.Failures)
                Console.Error.WriteLine(failure);
            return 2;
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            Console.Error.WriteLine($"{taken.Message} Choose others with --Scaler:GrpcPort and --Scaler:HttpPort.");
            return 1;
        }
    }
}
