-- Swings, and so counts. Part 6 of 10.

clockwork_pendulum = {}

minetest.register_craftitem("clockwork_pendulum:pendulum", {
	description = "Pendulum",
	inventory_image = "clockwork_pendulum.png",
	groups = { clockwork = 1 },
})

minetest.register_craft({
	output = "clockwork_pendulum:pendulum",
	recipe = { { "clockwork_escapement:escapement" }, { "default:stick" }, { "default:bronze_ingot" } },
})

--- Swings of the pendulum since the world was made: two a second of the world's own time.
function clockwork_pendulum.swings()
	return math.floor(minetest.get_gametime() * 2)
end

minetest.log("action", "[clockwork_pendulum] part 6 of 10")
