-- A face with twelve hours, to be hung on a wall. Part 7 of 10.

clockwork_dial = {}

minetest.register_craftitem("clockwork_dial:dial", {
	description = "Dial",
	inventory_image = "clockwork_dial.png",
	groups = { clockwork = 1 },
})

minetest.register_craft({
	output = "clockwork_dial:dial",
	recipe = { { "default:paper", "clockwork_pendulum:pendulum", "default:paper" } },
})

--- Hour (0-23) and minute of the world.
function clockwork_dial.time()
	local minutes = math.floor(minetest.get_timeofday() * 24 * 60)
	return math.floor(minutes / 60), minutes % 60
end

minetest.log("action", "[clockwork_dial] part 7 of 10")
